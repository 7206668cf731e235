namespace GenQ.Onnx;

/// <summary>Puts texts of like length together, which are then filled up to the longest.</summary>
internal static class PaddedBatches
{
    // As in GenQ.Models: lengths within a quarter, and 4 for the short ones, go together.
    private const double LengthRatio = 1.25;
    private const int LengthSlack = 4;

    /// <summary>Makes batches, the longest texts first: if memory does not suffice, it shows at once.</summary>
    /// <param name="lengths">The tokens of each text.</param>
    /// <param name="batchTokens">The most tokens of a batch, padding counted; a longer text goes alone.</param>
    /// <returns>Batches of places in <paramref name="lengths"/>, the longest of each first.</returns>
    public static IEnumerable<int[]> Of(int[] lengths, int batchTokens)
    {
        int[] order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => lengths[i])];
        for (int first = 0; first < order.Length;)
        {
            int longest = lengths[order[first]], end = first + 1;
            while (end < order.Length && (end + 1L - first) * longest <= batchTokens && longest <= lengths[order[end]] * LengthRatio + LengthSlack) end++;
            yield return order[first..end];
            first = end;
        }
    }
}
