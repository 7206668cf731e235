using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenQ.Extensions.Tests.Stores;

/// <summary>The smallest vector store there can be: it knows no words, and no GenQ.</summary>
internal sealed class InMemoryVectorStore : VectorStore
{
    private readonly Dictionary<string, object> _collections = [];

    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition = null)
    {
        Dictionary<TKey, TRecord> records = (Dictionary<TKey, TRecord>)(_collections.TryGetValue(name, out object? own) ? own : _collections[name] = new Dictionary<TKey, TRecord>());
        return new InMemoryCollection<TKey, TRecord>(name, new Builder().Build(typeof(TRecord), typeof(TKey), definition, null), records);
    }

    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition) => throw new NotSupportedException();

    public override IAsyncEnumerable<string> ListCollectionNamesAsync(CancellationToken cancellationToken = default) => _collections.Keys.ToAsyncEnumerable();

    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_collections.ContainsKey(name));

    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default) => Task.FromResult(_collections.Remove(name));

    public override object? GetService(Type serviceType, object? serviceKey = null) => null;

    private sealed class Builder() : CollectionModelBuilder(new CollectionModelBuildingOptions { RequiresAtLeastOneVector = true, SupportsMultipleVectors = false })
    {
        protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
        {
        }

        protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
        {
            supportedTypes = "";
            return true;
        }

        protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
        {
            supportedTypes = "ReadOnlyMemory<float>";
            return type == typeof(ReadOnlyMemory<float>);
        }
    }

    private sealed class InMemoryCollection<TKey, TRecord>(string name, CollectionModel model, Dictionary<TKey, TRecord> records) : VectorStoreCollection<TKey, TRecord>
        where TKey : notnull
        where TRecord : class
    {
        public override string Name => name;

        public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => Task.FromResult(true);

        public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

        public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default)
        {
            records.Clear();
            return Task.CompletedTask;
        }

        public override Task<TRecord?> GetAsync(TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default) => Task.FromResult(records.GetValueOrDefault(key));

        public override IAsyncEnumerable<TRecord> GetAsync(
            Expression<Func<TRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<TRecord>? options = null, CancellationToken cancellationToken = default)
            => records.Values.Where(filter.Compile()).Take(top).ToArray().ToAsyncEnumerable();

        public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default) => Task.FromResult(records.Remove(key));

        public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            records[(TKey)model.KeyProperty.GetValueAsObject(record)!] = record;
            return Task.CompletedTask;
        }

        public override async Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
        {
            foreach (TRecord record in records) await UpsertAsync(record, cancellationToken);
        }

        public override async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
            TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask;
            ReadOnlyMemory<float> asked = (ReadOnlyMemory<float>)(object)searchValue;
            foreach ((TRecord record, double score) in records.Values
                .Select(record => (record, (double)TensorPrimitives.CosineSimilarity(asked.Span, model.VectorProperty.GetValue<ReadOnlyMemory<float>>(record).Span)))
                .OrderByDescending(found => found.Item2).Take(top)) yield return new VectorSearchResult<TRecord>(record, score);
        }

        public override object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;
    }
}
