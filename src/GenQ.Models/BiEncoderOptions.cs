using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Models;

/// <summary>Settings of <see cref="BiEncoder.Load"/>.</summary>
public sealed record BiEncoderOptions
{
    /// <summary>The precision of the matrix multiplications. The default follows the processor.</summary>
    public Precision Precision { get; init; } = Precision.Auto;

    /// <summary>
    /// Whether the layers' weights, and what they are multiplied with, are rounded to 8-bit whole numbers: faster on processors that multiply
    /// bytes, and not for training. The default is no; docs/performance.md says what it does to speed and to search.
    /// </summary>
    public bool Int8Weights { get; init; }

    /// <summary>
    /// The most tokens of a text that are read, special ones counted; the rest is cut off. The default is the model's
    /// own limit, and no more than its table of positions holds is ever read.
    /// </summary>
    public int? MaxSequenceLength { get; init => field = value is { } length ? Check.AtLeast(length, 3) : null; }

    /// <summary>
    /// Tokens that go through the network at once, at least 1; a longer text goes alone. The default is 4,096: larger
    /// matrix multiplications are no faster, and memory grows with it.
    /// </summary>
    public int BatchTokens { get; init => field = Check.AtLeast(value, 1); } = 4096;
}
