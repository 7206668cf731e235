using GenQ.Tests.Encoders;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

public sealed class TeacherProjectionTests
{
    // Four numbers each, all in one plane: a = (1, 1, 1, 1) / 2 and b = (1, -1, 1, -1) / 2 span it.
    private static readonly float[,] Plane =
    {
        { 0.5f, 0.5f, 0.5f, 0.5f },
        { 0.7f, -0.1f, 0.7f, -0.1f },
        { 0.1f, 0.7f, 0.1f, 0.7f },
    };

    [Fact]
    public void Vectors_that_lie_in_a_plane_keep_their_cosines_in_two_numbers()
    {
        using IDisposable scope = NewDisposeScope();
        Tensor teacher = tensor(Plane), projection = TeacherProjection.Fit(teacher, tensor(new float[,] { { 1, 0 }, { 1, 0 }, { 0, 1 } }));
        Assert.Equal([4, 2], projection.shape);
        EncoderGolden.AssertClose(eye(2), projection.t().matmul(projection), 1e-6);
        Tensor projected = teacher.matmul(projection);
        EncoderGolden.AssertClose(teacher.matmul(teacher.t()), projected.matmul(projected.t()), 1e-6);
    }

    [Fact]
    public void A_student_that_was_taught_before_is_met_where_it_stands()
    {
        using IDisposable scope = NewDisposeScope();

        // The coordinates along a and b, turned by the angle whose cosine is .6.
        Tensor turn = tensor(new float[,] { { 0.6f, 0.8f }, { -0.8f, 0.6f } });
        Tensor student = tensor(new float[,] { { 1, 0 }, { 0.6f, 0.8f }, { 0.8f, -0.6f } }).matmul(turn);
        Tensor teacher = tensor(Plane);
        EncoderGolden.AssertClose(student, teacher.matmul(TeacherProjection.Fit(teacher, student)), 1e-6);
    }
}
