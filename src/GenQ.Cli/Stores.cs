using GenQ.Data;
using GenQ.Postgres;
using GenQ.Qdrant;
using Microsoft.Extensions.VectorData;

namespace GenQ.Cli;

/// <summary>Makes the address that a command names into a vector store. An address may hold a password: nothing repeats it.</summary>
internal static class Stores
{
    /// <summary>The addresses that are known, in words.</summary>
    public const string Known = "postgres://USER@HOST:PORT/DATABASE (with pgvector) or qdrant://HOST:PORT";

    private const string QdrantKey = "QDRANT_API_KEY";

    /// <summary>What is wrong with an address, to follow the name of its option; <see langword="null"/> where nothing is.</summary>
    public static string? Problem(string address)
    {
        try
        {
            Open(address).Dispose();
            return null;
        }
        catch (ArgumentException)
        {
            int end = address.IndexOf("://", StringComparison.Ordinal);
            return $"must be {Known}, got {(end < 0 ? "another" : $"{address[..end]}://…")}";
        }
    }

    /// <summary>Opens it; nothing is connected yet.</summary>
    /// <exception cref="ArgumentException">It is no address of a store that is known.</exception>
    public static VectorStore Open(string address) => address.StartsWith("qdrant", StringComparison.Ordinal)
        ? new QdrantVectorStore(address, Environment.GetEnvironmentVariable(QdrantKey))
        : new PostgresVectorStore(address);

    /// <summary>Asks the store whether it is there.</summary>
    /// <exception cref="GenQException">It does not answer, or refuses; the message says what to do.</exception>
    public static async Task RequireAsync(VectorStore store, string collection, CancellationToken cancellation)
    {
        try
        {
            await store.CollectionExistsAsync(collection, cancellation);
        }
        catch (VectorStoreException e)
        {
            throw new GenQException(e.Message, e) { Where = collection };
        }
    }
}
