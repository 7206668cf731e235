using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// Sequences of different lengths laid end to end, shortest first, in one matrix of tokens: linear layers and norms see
/// no padding. Only attention needs sequences side by side; it runs group by group.
/// </summary>
/// <param name="Ids">(rows), int64: token ids.</param>
/// <param name="Positions">(rows), int64: each token's row in the table of position embeddings.</param>
/// <param name="Groups">The sequences in the order of the rows.</param>
/// <param name="Segments">(sequences), int64: where each sequence, in the caller's order, lies in the order of the rows.</param>
/// <param name="FillRows">Rows at the end that belong to no sequence.</param>
internal sealed record PackedBatch(Tensor Ids, Tensor Positions, IReadOnlyList<SequenceGroup> Groups, Tensor Segments, int FillRows)
{
    // A matrix multiplication over an odd number of rows is a tenth slower in the backward pass (oneDNN, bf16).
    private const int RowMultiple = 32;

    // Lengths within a quarter, and 4 for the short ones, go together: less padding costs more calls than it saves.
    private const double LengthRatio = 1.25;
    private const int LengthSlack = 4;

    // Attention scores of one head in one group: bounds memory at 16 sequences of 512 tokens or 100 of 200.
    private const long MaxScores = 1 << 22;

    /// <summary>Fills a sequence's <paramref name="positions"/>.</summary>
    public delegate void NumberPositions(ReadOnlySpan<int> ids, Span<long> positions);

    /// <summary>Packs sequences; the tensors belong to the current dispose scope.</summary>
    /// <param name="sequences">At least one sequence, none empty.</param>
    /// <param name="number">Gives the positions of a sequence's tokens, which differ between architectures.</param>
    /// <param name="device">Where the tensors go.</param>
    public static PackedBatch Create(IReadOnlyList<int[]> sequences, NumberPositions number, Device device)
    {
        int[] order = [.. Enumerable.Range(0, sequences.Count).OrderBy(i => sequences[i].Length)];
        int tokens = sequences.Sum(s => s.Length);
        int fill = (RowMultiple - tokens % RowMultiple) % RowMultiple;
        long[] ids = new long[tokens + fill], positions = new long[tokens + fill], segments = new long[order.Length];
        int row = 0;
        for (int i = 0; i < order.Length; i++)
        {
            int[] sequence = sequences[order[i]];
            segments[order[i]] = i;
            for (int j = 0; j < sequence.Length; j++) ids[row + j] = sequence[j];
            number(sequence, positions.AsSpan(row, sequence.Length));
            row += sequence.Length;
        }

        return new(
            tensor(ids, device: device), tensor(positions, device: device), Group([.. order.Select(i => sequences[i].Length)], device),
            tensor(segments, device: device), fill);
    }

    /// <summary>The first row of each sequence, in the caller's order.</summary>
    public int[] StartsInOrder()
    {
        int[] lengths = [.. Groups.SelectMany(group => group.SequenceLengths)], starts = new int[lengths.Length];
        for (int i = 1; i < starts.Length; i++) starts[i] = starts[i - 1] + lengths[i - 1];
        return [.. Segments.data<long>().ToArray().Select(place => starts[place])];
    }

    /// <summary>The rows of a (rows, width) matrix that belong to sequences.</summary>
    public Tensor WithoutFill(Tensor rows) => rows.narrow(0, 0, rows.shape[0] - FillRows);

    /// <summary>Joins the groups' results, each (group's rows, width), to (rows, width) again.</summary>
    public Tensor Join(IEnumerable<Tensor> groups)
    {
        List<Tensor> parts = [.. groups];
        if (FillRows > 0) parts.Add(zeros([FillRows, parts[0].shape[1]], parts[0].dtype, parts[0].device));
        return cat(parts, 0);
    }

    private static List<SequenceGroup> Group(int[] lengths, Device device)
    {
        List<SequenceGroup> groups = [];
        int row = 0;
        for (int first = 0; first < lengths.Length;)
        {
            int end = first + 1;
            while (end < lengths.Length
                && lengths[end] <= lengths[first] * LengthRatio + LengthSlack
                && (end + 1L - first) * lengths[end] * lengths[end] <= MaxScores)
            {
                end++;
            }

            groups.Add(Group(lengths.AsSpan(first..end), row, device));
            row += groups[^1].Rows;
            first = end;
        }

        return groups;
    }

    private static SequenceGroup Group(ReadOnlySpan<int> lengths, int start, Device device)
    {
        int length = lengths[^1], rows = 0;
        long[] gather = new long[lengths.Length * length];
        float[] mask = new float[gather.Length], counts = new float[lengths.Length];
        List<long> scatter = [];
        for (int i = 0; i < lengths.Length; i++)
        {
            for (int j = 0; j < length; j++)
            {
                int place = i * length + j;
                gather[place] = start + rows + Math.Min(j, lengths[i] - 1);
                if (j >= lengths[i]) continue;
                mask[place] = 1;
                scatter.Add(place);
            }

            counts[i] = lengths[i];
            rows += lengths[i];
        }

        Tensor lengthColumn = tensor(counts, device: device).unsqueeze(1);
        if (lengths[0] == length) return new(start, rows, lengths.Length, length, [.. lengths], lengthColumn, null, null, null);
        return new(
            start, rows, lengths.Length, length, [.. lengths], lengthColumn, tensor(gather, device: device),
            tensor(scatter.ToArray(), device: device), tensor(mask, device: device).view(lengths.Length, length));
    }
}
