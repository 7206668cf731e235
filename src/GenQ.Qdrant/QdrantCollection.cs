using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Qdrant.Client;
using Qdrant.Client.Grpc;

namespace GenQ.Qdrant;

/// <summary>A collection of points.</summary>
internal sealed class QdrantCollection<TKey, TRecord>(QdrantClient client, QdrantErrors errors, string name, CollectionModel model)
    : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
    where TKey : notnull
    where TRecord : class
{
    // How deep both rankings of a hybrid search are looked at.
    private const int LeastFused = 50;

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default)
        => errors.WrapAsync("find", name, () => client.CollectionExistsAsync(name, cancellationToken));

    /// <inheritdoc/>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => errors.WrapAsync("create", name, async () =>
    {
        if (await client.CollectionExistsAsync(name, cancellationToken).ConfigureAwait(false)) return false;
        VectorParams vectors = new() { Size = (ulong)model.VectorProperty.Dimensions, Distance = QdrantValues.DistanceOf(model.VectorProperty) };
        await client.CreateCollectionAsync(name, vectors, cancellationToken: cancellationToken).ConfigureAwait(false);
        foreach (DataPropertyModel property in model.DataProperties.Where(property => property.IsIndexed || property.IsFullTextIndexed))
            await client.CreatePayloadIndexAsync(name, property.StorageName, SchemaOf(property), cancellationToken: cancellationToken).ConfigureAwait(false);
        return true;
    });

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) => errors.WrapAsync("delete", name, async () =>
    {
        bool isThere = await client.CollectionExistsAsync(name, cancellationToken).ConfigureAwait(false);
        if (isThere) await client.DeleteCollectionAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
        return isThere;
    });

    /// <inheritdoc/>
    public override async Task<TRecord?> GetAsync(TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<RetrievedPoint> points = await errors.WrapAsync("get", name, () => client.RetrieveAsync(
            name, [QdrantValues.IdOf(key)], withPayload: true, withVectors: options?.IncludeVectors ?? false, cancellationToken: cancellationToken)).ConfigureAwait(false);
        return points.Count == 0 ? null : QdrantValues.RecordOf<TRecord>(model, points[0].Id, points[0].Payload, points[0].Vectors);
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">An order is asked for: points come in that of their ids.</exception>
    public override async IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        options ??= new FilteredRecordRetrievalOptions<TRecord>();
        if (options.OrderBy is not null) throw new NotSupportedException("Points come in the order of their ids: leave the order out, and sort what comes.");
        ScrollResponse found = await errors.WrapAsync("get", name, () => client.ScrollAsync(
            name, QdrantFilter.Translate(filter, model), (uint)(options.Skip + top), vectorsSelector: options.IncludeVectors, cancellationToken: cancellationToken)).ConfigureAwait(false);
        foreach (RetrievedPoint point in found.Result.Skip(options.Skip)) yield return QdrantValues.RecordOf<TRecord>(model, point.Id, point.Payload, point.Vectors);
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default) => DeleteAsync([key], cancellationToken);

    /// <inheritdoc/>
    public override Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        PointId[] ids = [.. keys.Select(key => QdrantValues.IdOf(key))];
        return ids.Length == 0 ? Task.CompletedTask : errors.WrapAsync("delete", name, () => client.DeleteAsync(name, ids, cancellationToken: cancellationToken));
    }

    /// <inheritdoc/>
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

    /// <inheritdoc/>
    public override async Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        TRecord[] all = [.. records];
        if (all.Length == 0) return;
        IReadOnlyList<Embedding>? made = QdrantValues.IsVector(model.VectorProperty.Type)
            ? null
            : await model.VectorProperty.GenerateEmbeddingsAsync(all.Select(model.VectorProperty.GetValueAsObject), cancellationToken).ConfigureAwait(false);
        PointStruct[] points = [.. all.Select((record, i) => QdrantValues.PointOf(model, record, made?[i]))];
        await errors.WrapAsync("upsert", name, () => client.UpsertAsync(name, points, cancellationToken: cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        options ??= new VectorSearchOptions<TRecord>();
        float[] vector = await QdrantValues.OfQueryAsync(model.GetVectorPropertyOrSingle(options), searchValue, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ScoredPoint> points = await errors.WrapAsync("search", name, () => client.QueryAsync(
            name, vector, filter: QdrantFilter.Translate(options.Filter, model), scoreThreshold: (float?)options.ScoreThreshold, limit: (ulong)top, offset: (ulong)options.Skip,
            vectorsSelector: options.IncludeVectors, cancellationToken: cancellationToken)).ConfigureAwait(false);
        foreach (ScoredPoint point in points) yield return ResultOf(point);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<VectorSearchResult<TRecord>> HybridSearchAsync<TInput>(
        TInput searchValue, ICollection<string> keywords, int top, HybridSearchOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where TInput : notnull
    {
        ArgumentNullException.ThrowIfNull(keywords);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        options ??= new HybridSearchOptions<TRecord>();
        VectorPropertyModel property = model.GetVectorPropertyOrSingle(new VectorSearchOptions<TRecord> { VectorProperty = options.VectorProperty });
        DataPropertyModel text = model.GetFullTextDataPropertyOrSingle(options.AdditionalProperty);
        float[] vector = await QdrantValues.OfQueryAsync(property, searchValue, cancellationToken).ConfigureAwait(false);
        Filter? filter = QdrantFilter.Translate(options.Filter, model);
        Filter withWord = new() { Must = { Conditions.MatchTextAny(text.StorageName, string.Join(' ', keywords)) } };
        if (filter is not null) withWord.Must.Add(Conditions.Filter(filter));
        ulong looked = (ulong)Math.Max(options.Skip + top, LeastFused);

        // What Qdrant ranks by are vectors; words say which passages are ranked a second time, and so count twice.
        PrefetchQuery meaning = new() { Query = vector, Limit = looked }, words = new() { Query = vector, Limit = looked, Filter = withWord };
        if (filter is not null) meaning.Filter = filter;
        IReadOnlyList<ScoredPoint> points = await errors.WrapAsync("search", name, () => client.QueryAsync(
            name, Fusion.Rrf, keywords.Count > 0 ? [meaning, words] : [meaning], scoreThreshold: (float?)options.ScoreThreshold, limit: (ulong)top, offset: (ulong)options.Skip,
            vectorsSelector: options.IncludeVectors, cancellationToken: cancellationToken)).ConfigureAwait(false);
        foreach (ScoredPoint point in points) yield return ResultOf(point);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(VectorStoreCollectionMetadata) ? new VectorStoreCollectionMetadata { VectorStoreSystemName = QdrantVectorStore.SystemName, CollectionName = name }
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    private static PayloadSchemaType SchemaOf(DataPropertyModel property) => (Nullable.GetUnderlyingType(property.Type) ?? property.Type) switch
    {
        _ when property.IsFullTextIndexed => PayloadSchemaType.Text,
        var type when type == typeof(int) || type == typeof(long) => PayloadSchemaType.Integer,
        var type when type == typeof(float) || type == typeof(double) => PayloadSchemaType.Float,
        var type when type == typeof(bool) => PayloadSchemaType.Bool,
        _ => PayloadSchemaType.Keyword,
    };

    private VectorSearchResult<TRecord> ResultOf(ScoredPoint point) => new(QdrantValues.RecordOf<TRecord>(model, point.Id, point.Payload, point.Vectors), point.Score);
}
