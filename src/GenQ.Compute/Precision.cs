namespace GenQ.Compute;

/// <summary>The number format of the matrix multiplications. Norms, softmax, losses and optimiser states are fp32 in each.</summary>
public enum Precision
{
    /// <summary>bf16 where the processor multiplies it faster than fp32, fp32 elsewhere: see <see cref="CpuFeatures.Resolve"/>.</summary>
    Auto,

    /// <summary>32-bit floats: what the reference values are computed in.</summary>
    Fp32,

    /// <summary>16-bit brain floats: up to four times as fast where the processor is made for them, a hundred times slower where it lacks them.</summary>
    Bf16,
}
