using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenQ.Postgres;

/// <summary>Vectors go to the server and back as <c>real[]</c>, which pgvector casts: so a connection need not know the extension's own types.</summary>
internal static class PostgresVector
{
    /// <summary>The types of a vector property, in words.</summary>
    public const string Types = "ReadOnlyMemory<float>, Embedding<float>, float[]";

    /// <summary>Whether a property of this type holds a vector.</summary>
    public static bool IsOne(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var own
        && (own == typeof(ReadOnlyMemory<float>) || own == typeof(Embedding<float>) || own == typeof(float[]));

    /// <summary>The numbers of a vector; <see langword="null"/> where the value is none.</summary>
    public static float[]? Numbers(object? value) => value switch
    {
        float[] numbers => numbers,
        ReadOnlyMemory<float> memory => MemoryMarshal.TryGetArray(memory, out ArraySegment<float> part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array : memory.ToArray(),
        Embedding<float> embedding => Numbers(embedding.Vector),
        _ => null,
    };

    /// <summary>The numbers as a property holds them.</summary>
    public static object As(Type type, float[] numbers) => type == typeof(float[]) ? numbers
        : type == typeof(Embedding<float>) ? new Embedding<float>(numbers)
        : new ReadOnlyMemory<float>(numbers);

    /// <summary>The vector of what is asked.</summary>
    /// <exception cref="NotSupportedException">It is no vector, and no generator makes one of it.</exception>
    public static async Task<float[]> OfQueryAsync(VectorPropertyModel property, object query, CancellationToken cancellation)
    {
        if (Numbers(query) is { } numbers) return numbers;
        if (property.EmbeddingGenerationDispatcher is null)
            throw new NotSupportedException($"A {query.GetType().Name} is no vector ({Types}), and the collection has no embedding generator that makes one of it.");
        return Numbers(await property.GenerateEmbeddingAsync(query, cancellation).ConfigureAwait(false))!;
    }

    /// <summary>How two vectors are compared.</summary>
    /// <returns>An operator of pgvector, by which the nearest come first; the score that it gives; whether a higher score is nearer.</returns>
    /// <exception cref="NotSupportedException">pgvector does not know the function, or this store does not.</exception>
    public static (string Operator, string Classes, Func<string, string> Score, bool IsSimilarity) Comparison(VectorPropertyModel property) => property.DistanceFunction switch
    {
        null or DistanceFunction.CosineSimilarity => ("<=>", "vector_cosine_ops", distance => $"1 - ({distance})", true),
        DistanceFunction.CosineDistance => ("<=>", "vector_cosine_ops", distance => distance, false),
        DistanceFunction.EuclideanDistance => ("<->", "vector_l2_ops", distance => distance, false),
        DistanceFunction.DotProductSimilarity => ("<#>", "vector_ip_ops", distance => $"-({distance})", true),
        _ => throw new NotSupportedException($"The vector '{property.ModelName}' asks for {property.DistanceFunction}; PostgreSQL's here are {DistanceFunction.CosineSimilarity}, {DistanceFunction.CosineDistance}, {DistanceFunction.EuclideanDistance} and {DistanceFunction.DotProductSimilarity}."),
    };
}
