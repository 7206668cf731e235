using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Npgsql;

namespace GenQ.Postgres;

/// <summary>A table of records with vectors.</summary>
internal sealed class PostgresCollection<TKey, TRecord>(
    NpgsqlDataSource source, PostgresErrors errors, PostgresVectorStoreOptions options, string name, CollectionModel model)
    : VectorStoreCollection<TKey, TRecord>, IKeywordHybridSearchable<TRecord>
    where TKey : notnull
    where TRecord : class
{
    // pgvector indexes no longer ones. A search through an index looks at so many rows at least, at most and unless it is told otherwise.
    private const int MostIndexedDimensions = 2000, LeastLooked = 40, MostLooked = 1000;

    // Reciprocal rank fusion: the constant of its paper, and how deep both rankings are looked at.
    private const int FusionConstant = 60, LeastFused = 50;

    private readonly string _table = PostgresSql.Table(options.Schema, name), _key = PostgresSql.Name(model.KeyProperty.StorageName);

    /// <inheritdoc/>
    public override string Name => name;

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(CancellationToken cancellationToken = default) => errors.WrapAsync("find", name, async () =>
    {
        await using NpgsqlCommand command = source.CreateCommand("SELECT to_regclass($1) IS NOT NULL");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _table });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    });

    /// <inheritdoc/>
    public override Task EnsureCollectionExistsAsync(CancellationToken cancellationToken = default) => errors.WrapAsync("create", name, async () =>
    {
        await using NpgsqlBatch batch = source.CreateBatch();
        foreach (string command in Definition()) batch.BatchCommands.Add(new NpgsqlBatchCommand(command));
        return await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(CancellationToken cancellationToken = default) => errors.WrapAsync("delete", name, async () =>
    {
        await using NpgsqlCommand command = source.CreateCommand($"DROP TABLE IF EXISTS {_table}");
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public override async Task<TRecord?> GetAsync(TKey key, RecordRetrievalOptions? options = null, CancellationToken cancellationToken = default)
    {
        PostgresSql sql = new();
        bool withVectors = options?.IncludeVectors ?? false;
        string text = $"SELECT {Columns(withVectors)} FROM {_table} WHERE {_key} = {sql.Value(KeyType(key), key)}";
        return (await ReadAsync("get", sql.Command(text), withVectors, cancellationToken).ConfigureAwait(false)).Select(row => row.Record).FirstOrDefault();
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TRecord> GetAsync(
        Expression<Func<TRecord, bool>> filter, int top, FilteredRecordRetrievalOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        options ??= new FilteredRecordRetrievalOptions<TRecord>();
        PostgresSql sql = new();
        string[] order = [.. (options.OrderBy?.Invoke(new FilteredRecordRetrievalOptions<TRecord>.OrderByDefinition()).Values ?? [])
            .Select(by => $"{PostgresSql.Name(model.GetDataOrKeyProperty(by.PropertySelector).StorageName)} {(by.Ascending ? "ASC" : "DESC")}")];
        string text = $"SELECT {Columns(options.IncludeVectors)} FROM {_table} WHERE {PostgresFilter.Translate(filter, model, sql)} ORDER BY {string.Join(", ", [.. order, _key])} OFFSET {options.Skip} LIMIT {top}";
        foreach ((TRecord record, _) in await ReadAsync("get", sql.Command(text), options.IncludeVectors, cancellationToken).ConfigureAwait(false)) yield return record;
    }

    /// <inheritdoc/>
    public override Task DeleteAsync(TKey key, CancellationToken cancellationToken = default) => DeleteAsync([key], cancellationToken);

    /// <inheritdoc/>
    public override Task DeleteAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default) => ExecuteAsync("delete", keys.Select(key =>
    {
        PostgresSql sql = new();
        return sql.Command($"DELETE FROM {_table} WHERE {_key} = {sql.Value(KeyType(key), key)}");
    }), cancellationToken);

    /// <inheritdoc/>
    public override Task UpsertAsync(TRecord record, CancellationToken cancellationToken = default) => UpsertAsync([record], cancellationToken);

    /// <inheritdoc/>
    public override async Task UpsertAsync(IEnumerable<TRecord> records, CancellationToken cancellationToken = default)
    {
        TRecord[] all = [.. records];
        Dictionary<VectorPropertyModel, IReadOnlyList<Embedding>> made = [];
        foreach (VectorPropertyModel property in model.VectorProperties.Where(property => !PostgresVector.IsOne(property.Type)))
            made[property] = await property.GenerateEmbeddingsAsync(all.Select(property.GetValueAsObject), cancellationToken).ConfigureAwait(false);
        await ExecuteAsync("upsert", all.Select((record, i) => Upsert(record, property => made.TryGetValue(property, out IReadOnlyList<Embedding>? own) ? own[i] : property.GetValueAsObject(record))), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<VectorSearchResult<TRecord>> SearchAsync<TInput>(
        TInput searchValue, int top, VectorSearchOptions<TRecord>? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        options ??= new VectorSearchOptions<TRecord>();
        VectorPropertyModel property = model.GetVectorPropertyOrSingle(options);
        (string by, _, Func<string, string> score, bool isSimilarity) = PostgresVector.Comparison(property);
        PostgresSql sql = new();
        string distance = $"{PostgresSql.Name(property.StorageName)} {by} {sql.Vector(await PostgresVector.OfQueryAsync(property, searchValue, cancellationToken).ConfigureAwait(false))}";
        string enough = options.ScoreThreshold is { } least ? $" AND {score(distance)} {(isSimilarity ? ">=" : "<=")} {sql.Value(typeof(double), least)}" : "";
        string text = $"SELECT {Columns(options.IncludeVectors)}, {score(distance)} FROM {_table} WHERE {PostgresFilter.Translate(options.Filter, model, sql)}{enough} ORDER BY {distance} OFFSET {options.Skip} LIMIT {top}";
        foreach ((TRecord record, double? found) in await ReadAsync("search", sql.Command(text), options.IncludeVectors, cancellationToken, property, options.Skip + top).ConfigureAwait(false))
            yield return new VectorSearchResult<TRecord>(record, found);
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
        int looked = Math.Max(options.Skip + top, LeastFused);
        PostgresSql sql = new();
        string distance = $"{PostgresSql.Name(property.StorageName)} {PostgresVector.Comparison(property).Operator} {sql.Vector(await PostgresVector.OfQueryAsync(property, searchValue, cancellationToken).ConfigureAwait(false))}";
        string filter = PostgresFilter.Translate(options.Filter, model, sql), words = Words(text);
        string asked = keywords.Count == 0 ? "''::tsquery" : string.Join(" || ", keywords.Select(word => $"plainto_tsquery({Language}, {sql.Value(typeof(string), word)})"));
        string enough = options.ScoreThreshold is { } least ? $" WHERE score >= {sql.Value(typeof(double), least)}" : "";
        string command = $"""
            WITH asked AS (SELECT {asked} AS words),
            meaning AS (SELECT {_key} AS id, ROW_NUMBER() OVER (ORDER BY {distance}) AS place FROM {_table} WHERE {filter} ORDER BY {distance} LIMIT {looked}),
            words AS (SELECT {_key} AS id, ROW_NUMBER() OVER (ORDER BY ts_rank_cd({words}, asked.words) DESC, {_key}) AS place FROM {_table}, asked WHERE {words} @@ asked.words AND {filter} ORDER BY place LIMIT {looked}),
            fused AS (SELECT COALESCE(meaning.id, words.id) AS id, COALESCE(1.0 / ({FusionConstant} + meaning.place), 0.0)::double precision + COALESCE(1.0 / ({FusionConstant} + words.place), 0.0)::double precision AS score FROM meaning FULL OUTER JOIN words ON meaning.id = words.id)
            SELECT {Columns(options.IncludeVectors)}, score FROM fused JOIN {_table} ON {_key} = fused.id{enough} ORDER BY score DESC, {_key} OFFSET {options.Skip} LIMIT {top}
            """;
        foreach ((TRecord record, double? found) in await ReadAsync("search", sql.Command(command), options.IncludeVectors, cancellationToken, property, looked).ConfigureAwait(false))
            yield return new VectorSearchResult<TRecord>(record, found);
    }

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(VectorStoreCollectionMetadata)
            ? new VectorStoreCollectionMetadata { VectorStoreSystemName = PostgresVectorStore.SystemName, VectorStoreName = errors.Database, CollectionName = name }
            : serviceType.IsInstanceOfType(this) ? this : null;
    }

    private string Language => $"'{options.Language.Replace("'", "''", StringComparison.Ordinal)}'::regconfig";

    private string Words(DataPropertyModel text) => $"to_tsvector({Language}, coalesce({PostgresSql.Name(text.StorageName)}, ''))";

    private IEnumerable<string> Definition()
    {
        yield return "CREATE EXTENSION IF NOT EXISTS vector";
        IEnumerable<string> columns = model.Properties.Select(property => $"{PostgresSql.Name(property.StorageName)} {property switch
        {
            VectorPropertyModel vector => $"vector({vector.Dimensions})",
            KeyPropertyModel key => $"{PostgresType.Of(key.Type)?.Column ?? "text"} PRIMARY KEY",
            _ => PostgresType.Of(property.Type)!.Column,
        }}");
        yield return $"CREATE TABLE IF NOT EXISTS {_table} ({string.Join(", ", columns)})";
        foreach (VectorPropertyModel vector in model.VectorProperties.Where(vector => vector.IndexKind == IndexKind.Hnsw))
        {
            if (vector.Dimensions > MostIndexedDimensions)
                throw new NotSupportedException($"The vector '{vector.ModelName}' has {vector.Dimensions} dimensions; pgvector's {IndexKind.Hnsw} takes at most {MostIndexedDimensions}. Leave the index out.");
            yield return $"CREATE INDEX IF NOT EXISTS {IndexName(vector)} ON {_table} USING hnsw ({PostgresSql.Name(vector.StorageName)} {PostgresVector.Comparison(vector).Classes})";
        }

        foreach (DataPropertyModel data in model.DataProperties)
        {
            if (data.IsIndexed) yield return $"CREATE INDEX IF NOT EXISTS {IndexName(data)} ON {_table} ({PostgresSql.Name(data.StorageName)})";
            if (data.IsFullTextIndexed) yield return $"CREATE INDEX IF NOT EXISTS {IndexName(data, "_words")} ON {_table} USING gin ({Words(data)})";
        }
    }

    private string IndexName(PropertyModel property, string suffix = "") => PostgresSql.Name($"{name}_{property.StorageName}{suffix}_index");

    private string Columns(bool withVectors) => string.Join(", ", Read(withVectors).Select(property
        => property is VectorPropertyModel ? $"{PostgresSql.Name(property.StorageName)}::real[]" : PostgresSql.Name(property.StorageName)));

    private IEnumerable<PropertyModel> Read(bool withVectors) => model.Properties.Where(property => withVectors || property is not VectorPropertyModel);

    private NpgsqlBatchCommand Upsert(TRecord record, Func<VectorPropertyModel, object?> vectorOf)
    {
        PostgresSql sql = new();
        string[] values = [.. model.Properties.Select(property => property is VectorPropertyModel vector
            ? sql.Vector(PostgresVector.Numbers(vectorOf(vector)))
            : sql.Value(property is KeyPropertyModel ? KeyType(property.GetValueAsObject(record)!) : property.Type, property.GetValueAsObject(record)))];
        string[] columns = [.. model.Properties.Select(property => PostgresSql.Name(property.StorageName))];
        string[] others = [.. columns.Where(column => column != _key).Select(column => $"{column} = EXCLUDED.{column}")];
        return sql.Command($"INSERT INTO {_table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", values)}) ON CONFLICT ({_key}) DO {(others.Length == 0 ? "NOTHING" : $"UPDATE SET {string.Join(", ", others)}")}");
    }

    // That of a dynamic collection may be declared as object.
    private Type KeyType(object key) => model.KeyProperty.Type == typeof(object) ? key.GetType() : model.KeyProperty.Type;

    private Task<int> ExecuteAsync(string operation, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken cancellation) => errors.WrapAsync(operation, name, async () =>
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using NpgsqlBatch batch = connection.CreateBatch();
        foreach (NpgsqlBatchCommand command in commands) batch.BatchCommands.Add(command);

        // A batch is one transaction: all of it, or nothing.
        return batch.BatchCommands.Count == 0 ? 0 : await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    });

    private Task<List<(TRecord Record, double? Score)>> ReadAsync(
        string operation, NpgsqlBatchCommand command, bool withVectors, CancellationToken cancellation, VectorPropertyModel? searched = null, int looked = 0) => errors.WrapAsync(operation, name, async () =>
    {
        PropertyModel[] read = [.. Read(withVectors)];
        bool isIndexed = searched?.IndexKind == IndexKind.Hnsw;
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using NpgsqlTransaction? transaction = isIndexed ? await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false) : null;
        await using NpgsqlBatch batch = connection.CreateBatch();

        // An index gives no more rows than it looks at, which is few unless it is told; the setting ends with the transaction.
        if (isIndexed)
            batch.BatchCommands.Add(new NpgsqlBatchCommand($"SET LOCAL hnsw.ef_search = {Math.Clamp(looked, LeastLooked, MostLooked)}"));
        batch.BatchCommands.Add(command);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<(TRecord Record, double? Score)> rows = [];
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            TRecord record = model.CreateRecord<TRecord>() ?? throw new InvalidOperationException($"{typeof(TRecord).Name} cannot be made: it needs a constructor without parameters.");
            for (int i = 0; i < read.Length; i++)
            {
                object? value = read[i] is not VectorPropertyModel vector ? PostgresType.Read(reader, i, read[i].Type)
                    : reader.IsDBNull(i) || !PostgresVector.IsOne(vector.Type) ? null
                    : PostgresVector.As(Nullable.GetUnderlyingType(vector.Type) ?? vector.Type, reader.GetFieldValue<float[]>(i));
                if (value is not null) read[i].SetValueAsObject(record, value);
            }

            rows.Add((record, searched is null ? null : reader.GetDouble(read.Length)));
        }

        return rows;
    });
}
