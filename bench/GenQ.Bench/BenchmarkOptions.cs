using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Bench;

/// <summary>Settings of <see cref="Benchmark"/>.</summary>
public sealed record BenchmarkOptions
{
    /// <summary>Whether networks have the sizes of the mini models or those of MPNet-base and T5-base. Weights are random in both.</summary>
    public bool IsMini { get; init; }

    /// <summary>The precision of matrix multiplications; the processor's by default.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>Whether encoding and generation multiply 8-bit whole numbers; shares are still of the <see cref="Precision"/>'s products.</summary>
    public bool Int8Weights { get; init; }

    /// <summary>Rounds of which the median counts, at least 1. The default is 5.</summary>
    public int Rounds { get; init => field = Check.AtLeast(value, 1); } = 5;

    /// <summary>What the size is called.</summary>
    public string Size => IsMini ? "mini" : "base";

    /// <summary>What is added to the name of work that int8 changes.</summary>
    internal string Weights => Int8Weights ? ", int8" : "";
}
