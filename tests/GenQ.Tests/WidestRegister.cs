using GenQ.Compute;

namespace GenQ.Tests;

/// <summary>
/// Lets kernels run as on a processor with narrower registers. Its users belong to <see cref="TorchRandomCollection"/>: the width holds for the whole process.
/// </summary>
internal static class WidestRegister
{
    /// <summary>Does <paramref name="work"/> with registers of at most so many numbers; skips the test where the processor has none so wide.</summary>
    public static void Be(int lanes, Action work)
    {
        int widest = Registers.Widest;
        Assert.SkipWhen(lanes > widest, $"this processor has no registers of {lanes} numbers");
        Registers.Widest = lanes;
        try
        {
            work();
        }
        finally
        {
            Registers.Widest = widest;
        }
    }
}
