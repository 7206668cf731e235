using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>An encoder that takes the vectors of passages over that it has encoded before, and encodes the others.</summary>
/// <param name="encoder">Encodes; it is disposed of with this one, and so are the vectors.</param>
/// <param name="vectors">The vectors that it has made.</param>
/// <param name="texts">The texts that they are of, in their order.</param>
internal sealed class KnownVectors(ISentenceEncoder encoder, PassageIndex vectors, IReadOnlyList<string> texts) : ISentenceEncoder
{
    private readonly Lazy<Dictionary<string, int>> _places = new(() =>
    {
        Dictionary<string, int> places = [];
        foreach ((int place, string text) in texts.Index()) places.TryAdd(text, place);
        return places;
    });

    /// <inheritdoc/>
    public int Dimensions => encoder.Dimensions;

    /// <inheritdoc/>
    public string ModelHash => encoder.ModelHash;

    /// <inheritdoc/>
    public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => encoder.Encode(texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => encoder.EncodeQueries(texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        string[] unknown = [.. texts.Where(text => !_places.Value.ContainsKey(text))];
        using IEnumerator<float[]> encoded = ((IEnumerable<float[]>)encoder.EncodePassages(unknown, progress, cancellation)).GetEnumerator();
        return [.. texts.Select(text => _places.Value.TryGetValue(text, out int place) ? vectors[place].ToArray() : Next(encoded))];

        static float[] Next(IEnumerator<float[]> vectors) => vectors.MoveNext() ? vectors.Current : throw new InvalidOperationException("The encoder gave fewer vectors than it got texts.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        vectors.Dispose();
        encoder.Dispose();
    }
}
