namespace GenQ.Compute;

/// <summary>The register that a kernel works with: the widest that the processor has and that a row's width fills.</summary>
internal static class Registers
{
    /// <summary>Lanes of the widest register: 16, 8 or 1. Tests set it, to run the paths of other processors.</summary>
    public static int Widest { get; set; } = CpuFeatures.Current switch
    {
        { Avx512: true } => Lanes512.Count,
        { Avx2: true } => Lanes256.Count,
        _ => Lanes1.Count,
    };

    /// <summary>The lanes for rows of <paramref name="width"/> numbers.</summary>
    public static int For(int width) => width % Widest == 0 ? Widest : Widest > Lanes256.Count && width % Lanes256.Count == 0 ? Lanes256.Count : Lanes1.Count;

    /// <summary>The numbers of whole registers that cover <paramref name="count"/>.</summary>
    public static int RoundUp<TLanes>(int count)
        where TLanes : struct, ILanes<TLanes>
        => (count + TLanes.Count - 1) / TLanes.Count * TLanes.Count;
}
