using GenQ.Data;
using GenQ.Text;
using Microsoft.Extensions.VectorData;

namespace GenQ.Extensions;

/// <summary>Searches passages in a vector store with the model of their run: by meaning and words where the store can, else by meaning.</summary>
/// <remarks>Thread-safe. Words count as the store has it, not as the run has measured; <see cref="IPassageSearch"/> does the latter.</remarks>
public sealed class StoredPassages
{
    private readonly VectorStoreCollection<Guid, PassageRecord> _collection;
    private readonly ISentenceEncoder _encoder;
    private readonly IKeywordHybridSearchable<PassageRecord>? _hybrid;

    /// <summary>Opens a collection.</summary>
    /// <param name="store">The store.</param>
    /// <param name="collection">The name that <see cref="VectorStoreExport"/> was given.</param>
    /// <param name="encoder">The model of the run; it stays the caller's.</param>
    /// <param name="indexKind">As it was stored with.</param>
    public StoredPassages(VectorStore store, string collection, ISentenceEncoder encoder, string? indexKind = null)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(encoder);
        _encoder = encoder;
        _collection = store.GetCollection<Guid, PassageRecord>(collection, PassageRecord.Definition(encoder.Dimensions, indexKind));
        _hybrid = _collection.GetService(typeof(IKeywordHybridSearchable<PassageRecord>)) as IKeywordHybridSearchable<PassageRecord>;
    }

    /// <summary>Whether the store searches by words too.</summary>
    public bool IsHybrid => _hybrid is not null;

    /// <summary>Finds the passages that answer a query.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="top">The most results, at least 1.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The passages, the best first. What a score means is the store's matter.</returns>
    /// <exception cref="GenQException">The query is empty, or the store cannot be reached or refuses; the message says what to do.</exception>
    public async Task<IReadOnlyList<VectorSearchResult<PassageRecord>>> SearchAsync(string query, int top = 10, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(query)) throw new GenQException("The query is empty: say what you are looking for.");
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        query = UnicodeText.Normalize(query); // as the passages are
        ReadOnlyMemory<float> vector = _encoder.EncodeQueries([query], null, cancellation)[0];
        try
        {
            IAsyncEnumerable<VectorSearchResult<PassageRecord>> results = _hybrid is null
                ? _collection.SearchAsync(vector, top, cancellationToken: cancellation)
                : _hybrid.HybridSearchAsync(vector, query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), top, cancellationToken: cancellation);
            return await results.ToListAsync(cancellation).ConfigureAwait(false);
        }
        catch (VectorStoreException e)
        {
            throw new GenQException(e.Message, e) { Where = _collection.Name };
        }
    }
}
