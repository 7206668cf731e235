using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Qdrant.Client;

namespace GenQ.Qdrant;

/// <summary>Qdrant as a vector store. A collection can be searched by meaning and words at once.</summary>
/// <remarks>Thread-safe. It is compiled and its translations are tested, but it has not been run against a server.</remarks>
public sealed class QdrantVectorStore : VectorStore
{
    /// <summary>The name of this kind of store, in metadata and exceptions.</summary>
    public const string SystemName = "qdrant";

    private const int DefaultPort = 6334;

    private readonly QdrantClient _client;
    private readonly QdrantErrors _errors;
    private readonly IEmbeddingGenerator? _generator;

    /// <summary>Names a server; nothing is connected yet.</summary>
    /// <param name="address"><c>qdrant://HOST:PORT</c>, or <c>qdrants://HOST:PORT</c> for TLS. The port is that of gRPC, 6334 where it is left out.</param>
    /// <param name="apiKey">The key that the server asks for.</param>
    /// <param name="generator">Turns what is asked or stored into vectors, where it is none.</param>
    /// <exception cref="ArgumentException">The address is another one.</exception>
    public QdrantVectorStore(string address, string? apiKey = null, IEmbeddingGenerator? generator = null)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("qdrant" or "qdrants") || uri.Host.Length == 0)
            throw new ArgumentException("This is no address of a Qdrant server: expected is qdrant://HOST:PORT, or qdrants://HOST:PORT for TLS.", nameof(address));
        int port = uri.Port < 0 ? DefaultPort : uri.Port;
        _client = new QdrantClient(uri.Host, port, https: uri.Scheme == "qdrants", apiKey: apiKey);
        (_errors, _generator) = (new QdrantErrors($"{uri.Host}:{port}"), generator);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">A property has a type that the store does not know; the message names those it knows.</exception>
    public override VectorStoreCollection<TKey, TRecord> GetCollection<TKey, TRecord>(string name, VectorStoreCollectionDefinition? definition = null)
        => new QdrantCollection<TKey, TRecord>(_client, _errors, name, new QdrantModelBuilder().Build(typeof(TRecord), typeof(TKey), definition, _generator));

    /// <inheritdoc/>
    public override VectorStoreCollection<object, Dictionary<string, object?>> GetDynamicCollection(string name, VectorStoreCollectionDefinition definition)
        => new QdrantCollection<object, Dictionary<string, object?>>(_client, _errors, name, new QdrantModelBuilder().BuildDynamic(definition, _generator));

    /// <inheritdoc/>
    public override async IAsyncEnumerable<string> ListCollectionNamesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (string name in await _errors.WrapAsync("list", null, () => _client.ListCollectionsAsync(cancellationToken)).ConfigureAwait(false)) yield return name;
    }

    /// <inheritdoc/>
    public override Task<bool> CollectionExistsAsync(string name, CancellationToken cancellationToken = default)
        => _errors.WrapAsync("find", name, () => _client.CollectionExistsAsync(name, cancellationToken));

    /// <inheritdoc/>
    public override Task EnsureCollectionDeletedAsync(string name, CancellationToken cancellationToken = default) => _errors.WrapAsync("delete", name, async () =>
    {
        bool isThere = await _client.CollectionExistsAsync(name, cancellationToken).ConfigureAwait(false);
        if (isThere) await _client.DeleteCollectionAsync(name, cancellationToken: cancellationToken).ConfigureAwait(false);
        return isThere;
    });

    /// <inheritdoc/>
    public override object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(VectorStoreMetadata) ? new VectorStoreMetadata { VectorStoreSystemName = SystemName }
            : serviceType == typeof(QdrantClient) ? _client
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing) _client.Dispose();
        base.Dispose(disposing);
    }
}
