using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// The direction in which Muon moves a weight matrix (Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"): the
/// gradient with all its singular values made equal, so that what few examples ask for moves a matrix as far as what all of them do.
/// </summary>
internal static class Muon
{
    /// <summary>How much of the running sum of gradients a step keeps.</summary>
    public const float Momentum = 0.95f;

    // The polynomial a·x + b·x³ + c·x⁵ that is steepest at 0 of those which bring every singular value near 1, and how often it is applied.
    private const double A = 3.4445, B = -4.7750, C = 2.0315;
    private const int Iterations = 5;

    /// <summary>Makes the singular values of a matrix about equal, between 0.7 and 1.2 times one another's size.</summary>
    /// <param name="gradient">(rows, columns).</param>
    /// <param name="type">The type of the matrix multiplications.</param>
    /// <returns>
    /// (rows, columns), fp32, with a root mean square of about 1, as an AdamW step has: one learning rate serves both (Liu et al. 2025, "Muon is
    /// scalable for LLM training").
    /// </returns>
    public static Tensor Orthogonalize(Tensor gradient, ScalarType type)
    {
        using IDisposable scope = NewDisposeScope();
        long rows = gradient.shape[0], columns = gradient.shape[1];

        // The matrix products are of the size of the shorter side.
        bool isTall = rows > columns;
        Tensor x = isTall ? gradient.t() : gradient;
        x = x.div(linalg.vector_norm(x).PlusInPlace(1e-7)).to(type);
        for (int i = 0; i < Iterations; i++)
        {
            Tensor square = x.matmul(x.t());
            Tensor factor = square.Times(B).Plus(square.matmul(square).Times(C));
            x = x.Times(A).Plus(factor.matmul(x));
        }

        Tensor result = (isTall ? x.t() : x).to(ScalarType.Float32);
        return result.Times(Math.Sqrt(Math.Max(rows, columns))).contiguous().MoveToOuterDisposeScope();
    }
}
