namespace GenQ.Compute;

/// <summary>
/// A group of sequences whose attention runs together: how their rows in the packed matrix become matrices of their own, one for each
/// sequence and head, (sequences · heads, <see cref="Length"/>, <see cref="HeadWidth"/>), zero where a sequence has ended.
/// </summary>
/// <param name="Heads">Attention heads.</param>
/// <param name="HeadWidth">Columns of a head.</param>
/// <param name="Length">Rows of each matrix: the longest sequence's, rounded up.</param>
/// <param name="Starts">The first packed row of each sequence.</param>
/// <param name="Lengths">The rows of each sequence.</param>
internal sealed record AttentionLayout(int Heads, int HeadWidth, int Length, int[] Starts, int[] Lengths)
{
    /// <summary>What <see cref="Length"/> is a multiple of, so that rows of scores fill the widest registers.</summary>
    public const int LengthMultiple = 16;

    /// <summary>Rounds a length up to a multiple of <see cref="LengthMultiple"/>.</summary>
    public static int RoundUp(int length) => (length + LengthMultiple - 1) / LengthMultiple * LengthMultiple;

    /// <summary>Sequences of the group.</summary>
    public int Count => Lengths.Length;

    /// <summary>The sum of the heads' columns.</summary>
    public int Width => Heads * HeadWidth;
}
