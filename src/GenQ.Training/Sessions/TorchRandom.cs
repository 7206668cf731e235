using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>torch's own generator, of which dropout and fresh weights are drawn.</summary>
internal static class TorchRandom
{
    /// <summary>Makes what it draws next depend on a key alone, such as (seed, step).</summary>
    public static void Seed(CounterRandom key) => manual_seed((long)(key.Bits(0) >> 1));
}
