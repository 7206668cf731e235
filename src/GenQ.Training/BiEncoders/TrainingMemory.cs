using GenQ.Models;

namespace GenQ.Training;

/// <summary>How much of a batch goes through an encoder at once, with what the gradients need kept, in a given memory.</summary>
internal static class TrainingMemory
{
    // Of the machine's memory, where nobody says how much: the rest is the system's.
    private const double Share = 0.8;

    // Measured on MPNet-base at fp32, and rounded up: docs/performance.md.
    private const double FloatsPerTokenAndWidth = 24;

    // Gradients and both moments of AdamW.
    private const int FloatsPerWeight = 3;

    /// <summary>Computes the most tokens.</summary>
    /// <param name="network">The encoder, in memory.</param>
    /// <param name="memory">GiB that the process may take; <see langword="null"/> is what the machine, or the container, has.</param>
    public static long Tokens(EncoderNetwork network, double? memory)
    {
        double bytes = memory is { } own ? own * (1L << 30) : Share * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long weights = network.parameters().Sum(parameter => parameter.numel());
        double left = bytes - Environment.WorkingSet - (sizeof(float) * FloatsPerWeight * weights);
        return (long)Math.Max(1, left / (sizeof(float) * FloatsPerTokenAndWidth * network.HiddenSize * network.LayerCount));
    }
}
