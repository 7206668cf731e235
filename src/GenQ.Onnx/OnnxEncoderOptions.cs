using GenQ.Data;

namespace GenQ.Onnx;

/// <summary>Settings of <see cref="OnnxEncoder.Load"/>.</summary>
public sealed record OnnxEncoderOptions
{
    /// <summary>
    /// The folder of the model that the export must be of, as it is now. By default no model is looked for: an export is used without the model
    /// that it was made of.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>
    /// Whether to open in a fraction of the time and memory, and to encode slower: weights stay as the file has them. It suits a process that encodes a few
    /// queries and ends. The default is <see langword="false"/>.
    /// </summary>
    public bool QuickStart { get; init; }

    /// <summary>Threads that compute one batch, at least 1. The default is as many as there are cores.</summary>
    public int? Threads { get; init => field = value is { } threads ? Check.AtLeast(threads, 1) : null; }

    /// <summary>
    /// Tokens that go through the network at once, padding counted, at least 1; a longer text goes alone. The default is 512: with more, what
    /// attention writes does not stay in the processor's cache.
    /// </summary>
    public int BatchTokens { get; init => field = Check.AtLeast(value, 1); } = 512;
}
