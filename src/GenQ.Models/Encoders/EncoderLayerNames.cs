namespace GenQ.Models;

/// <summary>What a family's checkpoints call the parts of a layer, as paths below the layer.</summary>
/// <param name="Query">Makes the queries.</param>
/// <param name="Key">Makes the keys.</param>
/// <param name="Value">Makes the values.</param>
/// <param name="AttentionOutput">Closes attention.</param>
/// <param name="AttentionNorm">The norm behind attention.</param>
/// <param name="FeedForwardIn">The wide half of the feed-forward part.</param>
/// <param name="FeedForwardOut">Its narrow half.</param>
/// <param name="OutputNorm">The norm behind it.</param>
internal sealed record EncoderLayerNames(
    string Query, string Key, string Value, string AttentionOutput, string AttentionNorm, string FeedForwardIn, string FeedForwardOut, string OutputNorm);
