using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class MuonTests
{
    [Theory]
    [InlineData(24, 8)]
    [InlineData(8, 24)]
    [InlineData(16, 16)]
    public void Singular_values_far_apart_come_near_one_another(int rows, int columns)
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(1);
        int rank = Math.Min(rows, columns);
        (Tensor left, _, Tensor right) = linalg.svd(randn(rows, columns), fullMatrices: false);
        Tensor gradient = left.matmul(diag(logspace(0, -1.5, rank))).matmul(right);
        Tensor direction = Muon.Orthogonalize(gradient, ScalarType.Float32);
        Assert.Equal([rows, columns], direction.shape);

        // In the gradient's own directions: the same ones, in the same sense, none forgotten.
        float[] strengths = (left.t().matmul(direction).matmul(right.t()) / Math.Sqrt(Math.Max(rows, columns))).diagonal().data<float>().ToArray();
        Assert.All(strengths, strength => Assert.InRange(strength, 0.6, 1.25));
        Assert.InRange((direction * direction).mean().item<float>(), 0.5f, 1.5f);
    }

    [Fact]
    public void How_large_the_gradient_is_does_not_matter()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(2);
        Tensor gradient = randn(6, 9);
        Tensor direction = Muon.Orthogonalize(gradient, ScalarType.Float32), larger = Muon.Orthogonalize(gradient * 1000, ScalarType.Float32);
        Assert.True((direction - larger).abs().max().item<float>() < 1e-3);
    }

    [Fact]
    public void No_gradient_moves_nothing()
    {
        using IDisposable scope = NewDisposeScope();
        Assert.Equal(0, Muon.Orthogonalize(zeros(4, 3), ScalarType.Float32).abs().max().item<float>());
    }
}
