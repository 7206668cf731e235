using GenQ.Models;
using GenQ.Onnx;
using GenQ.Text;
using Microsoft.Extensions.Caching.Memory;

namespace GenQ.Web;

/// <summary>
/// Remembers the vectors of the last queries. A search that goes on (another weight, another folder, back and forth) asks the same query again, and encoding it
/// is most of a search.
/// </summary>
/// <param name="encoder">Encodes; it is disposed of with this one.</param>
internal sealed class RememberingEncoder(ISentenceEncoder encoder) : ISentenceEncoder
{
    private const int MostQueries = 1000;

    private readonly MemoryCache _vectors = new(new MemoryCacheOptions { SizeLimit = MostQueries });

    /// <inheritdoc/>
    public int Dimensions => encoder.Dimensions;

    /// <inheritdoc/>
    public string ModelHash => encoder.ModelHash;

    /// <inheritdoc/>
    public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => encoder.Encode(texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        if (texts is not [var query]) return encoder.EncodeQueries(texts, progress, cancellation);
        if (_vectors.TryGetValue(query, out float[]? known)) return [known!];
        float[] vector = encoder.EncodeQueries(texts, progress, cancellation)[0];
        _vectors.Set(query, vector, new MemoryCacheEntryOptions { Size = 1 });
        return [vector];
    }

    /// <inheritdoc/>
    public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => encoder.EncodePassages(texts, progress, cancellation);

    /// <summary>Counts the tokens of a text; 0 where the encoder does not say.</summary>
    public int CountTokens(string text) => encoder switch
    {
        OnnxEncoder exported => exported.CountTokens(text),
        BiEncoder model => model.CountTokens(text),
        _ => 0,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _vectors.Dispose();
        encoder.Dispose();
    }
}
