using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Vectors as cosines compare them: divided by their lengths.</summary>
internal static unsafe class UnitVectors
{
    // Below it a length counts as this, so that a zero vector has no direction rather than an infinite one.
    private const double SmallestLength = 1e-12;

    /// <summary>Divides each row by its length.</summary>
    /// <param name="vectors">(rows, width).</param>
    /// <returns>(rows, width), of the same type.</returns>
    public static Tensor Of(Tensor vectors) => nn.functional.normalize(vectors, 2, 1, SmallestLength);

    /// <summary>Lays vectors out as rows, each divided by its length.</summary>
    /// <param name="vectors">At least one, all of the same width.</param>
    /// <returns>(vectors, width), fp32, on the CPU.</returns>
    public static Tensor Of(float[][] vectors)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor rows = empty(vectors.Length, vectors[0].Length);
        float* row = rows.Pointer<float>();
        foreach (float[] vector in vectors)
        {
            vector.CopyTo(new Span<float>(row, vector.Length));
            row += vector.Length;
        }

        return Of(rows).MoveToOuterDisposeScope();
    }
}
