namespace GenQ.Compute;

/// <summary>
/// Which elements of one tensor are dropped in one step: a hash of the element's number, so that forward and backward pass, a
/// resumed training and every register width see the same ones, and nothing has to be kept.
/// </summary>
/// <remarks>The hash is Wellons' "triple32" family's two-round mixer, "lowbias32" (2018): xor-shift and multiplication.</remarks>
internal readonly record struct DropoutMask
{
    /// <summary>The first factor of the hash.</summary>
    public const uint Factor1 = 0x7FEB352D;

    /// <summary>The second factor of the hash.</summary>
    public const uint Factor2 = 0x846CA68B;

    /// <summary>Makes the mask of a tensor.</summary>
    /// <param name="probability">The chance of an element to be dropped, in [0, 1). 0 drops none.</param>
    /// <param name="seed">The seed of the step.</param>
    /// <param name="place">Which of the network's dropouts it is.</param>
    public DropoutMask(double probability, long seed, int place)
    {
        Threshold = (uint)(probability * uint.MaxValue);
        Scale = (float)(1 / (1 - probability));
        Key = (uint)(new CounterRandom(seed, place).Bits(0) >> 32);
    }

    /// <summary>What is mixed into the elements' numbers.</summary>
    public uint Key { get; }

    /// <summary>Hashes below are dropped.</summary>
    public uint Threshold { get; }

    /// <summary>The factor of elements that stay: their mean stays too.</summary>
    public float Scale { get; }

    /// <summary>Whether any element is dropped.</summary>
    public bool IsOn => Threshold > 0;
}
