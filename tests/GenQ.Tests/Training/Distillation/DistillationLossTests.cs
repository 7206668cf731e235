using GenQ.Tests.Encoders;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

public sealed class DistillationLossTests
{
    private static readonly float[,] Teacher = { { 1, 0 }, { 0.8f, 0.6f }, { 0, 1 } };

    [Fact]
    public void A_student_that_says_the_same_has_no_loss()
    {
        using IDisposable scope = NewDisposeScope();
        (Tensor loss, Tensor cosine) = DistillationLoss.Compute(tensor(Teacher), tensor(Teacher), tensor(Teacher), 10);
        Assert.Equal(0, loss.item<float>(), 1e-5);
        Assert.Equal(1, cosine.item<float>(), 1e-6);
    }

    // On paper: cosines .6, .8 and 1 to the teacher, mean .8; the divergences of the three rows are 12.0000, 15.6220 and 0.0181.
    [Fact]
    public void The_loss_is_the_weighted_distance_and_the_divergence_of_the_similarities()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor student = tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 0.6f, 0.8f } });
        (Tensor loss, Tensor cosine) = DistillationLoss.Compute(student, tensor(Teacher), tensor(Teacher), 10);
        Assert.Equal(0.8, cosine.item<float>(), 1e-6);
        EncoderGolden.AssertRelative(10 * 0.2 + (12.0000 + 15.6220 + 0.0181) / 3, loss.item<float>(), 1e-4);
    }

    // On paper: the matrices as vectors (3, 0, 0, 4) and (3, 4, 0, 0) of length 5 have the cosine 9/25.
    [Fact]
    public void States_are_compared_as_one_long_vector_of_any_length()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor student = tensor(new float[,] { { 3, 0 }, { 0, 4 } }), target = tensor(new float[,] { { 3, 4 }, { 0, 0 } });
        Assert.Equal(1 - 9f / 25, DistillationLoss.OfStates(student, target).item<float>(), 1e-6);
        Assert.Equal(0, DistillationLoss.OfStates(student, student * 7).item<float>(), 1e-6);
    }

    // On paper: the target varies by 1 + 1 + 4 + 4 = 10 about its mean (2, 4); the errors are 1 and 2, squared 5.
    [Fact]
    public void A_layer_is_measured_by_the_share_of_the_variance_that_it_misses()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor target = tensor(new float[,] { { 1, 2 }, { 3, 6 } }), student = tensor(new float[,] { { 2, 2 }, { 3, 4 } });
        Assert.Equal(0.5, DistillationLoss.OfLayer(student, target).item<float>(), 1e-6);
        Assert.Equal(1, DistillationLoss.OfLayer(target.mean([0]).expand(2, 2), target).item<float>(), 1e-6);
    }

    [Fact]
    public void Only_the_student_learns()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor student = tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 0.6f, 0.8f } }, requires_grad: true);
        DistillationLoss.Compute(student, tensor(Teacher), tensor(Teacher), 10).Loss.backward();
        Assert.True(student.grad!.isfinite().all().item<bool>());
        Assert.True(student.grad!.abs().sum().item<float>() > 0);
    }
}
