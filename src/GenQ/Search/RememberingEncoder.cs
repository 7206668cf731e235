using GenQ.Models;
using GenQ.Text;

namespace GenQ;

/// <summary>
/// A run's encoder that is loaded when a list of texts comes that no encoder of the same model has encoded in this process: what a run keeps is chosen, and then
/// measured, with the same queries.
/// </summary>
/// <param name="model">The model's folder or name.</param>
/// <param name="options">How it is loaded.</param>
/// <param name="state">Remembers for as long as the run is open.</param>
internal sealed class RememberingEncoder(string model, BiEncoderOptions options, RunState state) : ISentenceEncoder
{
    // Queries, and passages that something was taken out of. A corpus is a file, not a memory.
    private const int MostTexts = 4000;

    private readonly Lazy<BiEncoder> _encoder = new(() => BiEncoder.Load(model, options));

    /// <inheritdoc/>
    public int Dimensions => _encoder.Value.Dimensions;

    /// <inheritdoc/>
    public string ModelHash => state.HashOf(model);

    /// <inheritdoc/>
    public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => _encoder.Value.Encode(texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Remembered("queries", texts, progress, () => _encoder.Value.EncodeQueries(texts, progress, cancellation));

    /// <inheritdoc/>
    public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Remembered("passages", texts, progress, () => _encoder.Value.EncodePassages(texts, progress, cancellation));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_encoder.IsValueCreated) _encoder.Value.Dispose();
    }

    // Whole lists: a vector's last digits may hang on what is encoded beside it.
    private float[][] Remembered(string kind, IReadOnlyList<string> texts, IProgress<int>? progress, Func<float[][]> encode)
    {
        if (texts.Count == 0) return [];
        if (texts.Count > MostTexts) return encode();
        string name = $"{ModelHash} {options.Precision} {kind} {Fingerprint.OfTexts(texts)}";
        if (!state.Encoded.TryGetValue(name, out float[][]? vectors)) return state.Encoded[name] = encode();
        progress?.Report(texts.Count);
        return vectors;
    }
}
