using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Npgsql;

namespace GenQ.Postgres;

/// <summary>PostgreSQL with the extension pgvector as a vector store. A collection is a table, and can be searched by meaning and words at once.</summary>
/// <remarks>Thread-safe. Rows go in by INSERT and not by COPY, which proxies and PGlite do not pass on.</remarks>
public sealed class PostgresVectorStore : VectorStore
{
    /// <summary>The name of this kind of store, in metadata and exceptions.</summary>
    public const string SystemName = "postgresql";

    private readonly NpgsqlDataSource _source;
    private readonly PostgresVectorStoreOptions _options;
    private readonly PostgresErrors _errors;
    private readonly IEmbeddingGenerator? _generator;

    /// <summary>Names a database; nothing is connected yet.</summary>
    /// <param name="address">
    /// <c>postgres://USER@HOST:PORT/DATABASE</c>, or a connection string of Npgsql. What it leaves out is taken from PGUSER, PGPASSWORD and PGPASSFILE.
    /// </param>
    /// <param name="options">Schema and language.</param>
    /// <param name="generator">Turns what is asked or stored into vectors, where it is none.</param>
    /// <exception cref="ArgumentException">The address is neither.</exception>
    public PostgresVectorStore(string address, PostgresVectorStoreOptions? options = null, IEmbeddingGenerator? generator = null)
    {
        NpgsqlConnectionStringBuilder settings = PostgresAddress.Parse(address);
        (_source, _options, _generator) = (NpgsqlDataSource.Create(settings), options ?? new PostgresVectorStoreOptions(), generator);
        _errors = new PostgresErrors(settings);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A property has a type that the store does not know; the message names those it knows.</exception>
    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition = null)
        => new PostgresCollection<TKey, TRecord>(_source, _errors, _options, name, new PostgresModelBuilder().Build(typeof(TRecord), typeof(TKey), definition, _generator));

    /// <inheritdoc/>
    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition)
        => new PostgresCollection<object, Dictionary<string, object?>>(_source, _errors, _options, name, new PostgresModelBuilder().BuildDynamic(definition, _generator));

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string name in await _errors.WrapAsync("list", null, () => NamesAsync(null, cancellationToken)).ConfigureAwait(false)) yield return name;
    }

    /// <inheritdoc/>
    public override async Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default)
        => (await _errors.WrapAsync("find", name, () => NamesAsync(name, cancellationToken)).ConfigureAwait(false)).Count > 0;

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default) => _errors.WrapAsync("delete", name, async () =>
    {
        await using NpgsqlCommand command = _source.CreateCommand($"DROP TABLE IF EXISTS {PostgresSql.Table(_options.Schema, name)}");
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(VectorStoreMetadata) ? new VectorStoreMetadata { VectorStoreSystemName = SystemName, VectorStoreName = _errors.Database }
            : serviceType == typeof(NpgsqlDataSource) ? _source
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _source.Dispose();
        base.Dispose(disposing);
    }

    private async Task<List<string>> NamesAsync(string? name, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = _source.CreateCommand(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND ($2::text IS NULL OR table_name = $2) ORDER BY table_name");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _options.Schema });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)name ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<string> names = [];
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false)) names.Add(reader.GetString(0));
        return names;
    }
}
