using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Generation;

/// <summary>Cuts spans out of passages in place of queries, see <see cref="SpanCropper"/>.</summary>
/// <param name="seed">Where the draws come from.</param>
public sealed class CropQueryWriter(long seed = 42) : IQueryWriter
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Identity { get; } = new Dictionary<string, string> { ["seed"] = $"{seed}" };

    /// <inheritdoc/>
    public IAsyncEnumerable<PassageQueries> WriteAsync(QueryRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Passages.Select((passage, i) => new PassageQueries(i, Crops(passage, request))).ToAsyncEnumerable();
    }

    private WrittenQuery[] Crops(Passage passage, QueryRequest request) => [.. Enumerable.Range(request.FirstSample, request.Count)
        .Select(sample => new WrittenQuery(SpanCropper.Crop(passage, new CounterRandom(seed, passage.Id, sample)), PairKind.Cropped))];
}
