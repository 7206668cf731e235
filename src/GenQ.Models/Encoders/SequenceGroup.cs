using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Neighbours of a <see cref="PackedBatch"/> that are about equally long and so share one attention.</summary>
/// <param name="Start">The group's first row in the packed matrix.</param>
/// <param name="Rows">Its rows: the tokens of its sequences.</param>
/// <param name="Count">Its sequences.</param>
/// <param name="Length">The tokens of its longest sequence.</param>
/// <param name="SequenceLengths">The tokens of each sequence.</param>
/// <param name="Lengths">(count, 1), fp32: the same.</param>
/// <param name="Gather">(count * length), int64: the packed row of each place; a place of padding repeats its sequence's last row.</param>
/// <param name="Scatter">(rows), int64: the place of each row.</param>
/// <param name="Mask">(count, length), fp32: 1 for tokens, 0 for padding.</param>
/// <remarks>The last three are <see langword="null"/> where all sequences are equally long: nothing is padded then.</remarks>
internal sealed record SequenceGroup(
    int Start, int Rows, int Count, int Length, int[] SequenceLengths, Tensor Lengths, Tensor? Gather, Tensor? Scatter, Tensor? Mask)
{
    /// <summary>Cuts the group's sequences out of the packed matrix: (all rows, width) -> (count, length, width).</summary>
    public Tensor Pad(Tensor packed)
    {
        Tensor rows = Gather is null ? packed.narrow(0, Start, Rows) : packed.index_select(0, Gather);
        return rows.view(Count, Length, -1);
    }

    /// <summary>Leaves out the padding: (count, length, width) -> (rows, width).</summary>
    public Tensor Unpad(Tensor padded)
    {
        Tensor places = padded.reshape(Count * Length, -1);
        return Scatter is null ? places : places.index_select(0, Scatter);
    }

    /// <summary>0 where a key is a token, minus infinity where it is padding: (count, 1, 1, length), or null.</summary>
    public Tensor? KeyMask(ScalarType type)
    {
        if (Mask is null) return null;
        return zeros_like(Mask).Masked(Mask.EqualTo(0), float.NegativeInfinity).view(Count, 1, 1, Length).to(type);
    }

    /// <summary>Says to the kernels how the group's rows become matrices of heads.</summary>
    public AttentionLayout Layout(int heads, int headWidth)
    {
        int[] starts = new int[Count];
        int row = Start;
        for (int i = 0; i < Count; i++)
        {
            starts[i] = row;
            row += SequenceLengths[i];
        }

        return new(heads, headWidth, AttentionLayout.RoundUp(Length), starts, SequenceLengths);
    }
}
