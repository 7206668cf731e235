using System.Runtime.InteropServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;
using Microsoft.Extensions.VectorData.ProviderServices;
using Qdrant.Client.Grpc;

namespace GenQ.Qdrant;

/// <summary>Turns records into points and back.</summary>
internal static class QdrantValues
{
    /// <summary>The types of a vector property, in words.</summary>
    public const string VectorTypes = "ReadOnlyMemory<float>, Embedding<float>, float[]";

    private static readonly Type[] Known = [typeof(string), typeof(int), typeof(long), typeof(float), typeof(double), typeof(bool)];

    /// <summary>The types of data properties, in words.</summary>
    public static string Names { get; } = string.Join(", ", Known.Select(type => type.Name));

    /// <summary>Whether a data property may have this type.</summary>
    public static bool IsKnown(Type type) => Known.Contains(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>Whether a property of this type holds a vector.</summary>
    public static bool IsVector(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var own
        && (own == typeof(ReadOnlyMemory<float>) || own == typeof(Embedding<float>) || own == typeof(float[]));

    /// <summary>The point's id for a key.</summary>
    public static PointId IdOf(object key) => key switch
    {
        Guid id => id,
        ulong number => number,
        _ => throw new NotSupportedException($"A key is a Guid or an UInt64 in Qdrant, got {key.GetType().Name}."),
    };

    /// <summary>The key of a point.</summary>
    public static object KeyOf(PointId id) => id.HasUuid ? Guid.Parse(id.Uuid) : id.Num;

    /// <summary>A record as a point.</summary>
    /// <param name="model">What the record consists of.</param>
    /// <param name="record">The record.</param>
    /// <param name="made">The vector that a generator has made, where the record's own is none.</param>
    public static PointStruct PointOf(CollectionModel model, object record, Embedding? made)
    {
        PointStruct point = new()
        {
            Id = IdOf(model.KeyProperty.GetValueAsObject(record)!),
            Vectors = Numbers(made ?? model.VectorProperty.GetValueAsObject(record)) ?? throw new InvalidOperationException($"The vector '{model.VectorProperty.ModelName}' has no value."),
        };
        foreach (DataPropertyModel property in model.DataProperties) point.Payload[property.StorageName] = ValueOf(property.GetValueAsObject(record));
        return point;
    }

    /// <summary>A point as a record.</summary>
    public static TRecord RecordOf<TRecord>(CollectionModel model, PointId id, IDictionary<string, Value> payload, VectorsOutput? vectors)
        where TRecord : class
    {
        TRecord record = model.CreateRecord<TRecord>() ?? throw new InvalidOperationException($"{typeof(TRecord).Name} cannot be made: it needs a constructor without parameters.");
        model.KeyProperty.SetValueAsObject(record, KeyOf(id));
        foreach (DataPropertyModel property in model.DataProperties)
        {
            if (payload.TryGetValue(property.StorageName, out Value? value) && Read(value, Nullable.GetUnderlyingType(property.Type) ?? property.Type) is { } read) property.SetValueAsObject(record, read);
        }

        if (vectors?.Vector?.GetDenseVector() is { } dense && IsVector(model.VectorProperty.Type))
        {
            float[] numbers = [.. dense.Data];
            Type type = Nullable.GetUnderlyingType(model.VectorProperty.Type) ?? model.VectorProperty.Type;
            model.VectorProperty.SetValueAsObject(
                record, type == typeof(float[]) ? numbers : type == typeof(Embedding<float>) ? new Embedding<float>(numbers) : new ReadOnlyMemory<float>(numbers));
        }

        return record;
    }

    /// <summary>The vector of what is asked.</summary>
    /// <exception cref="NotSupportedException">It is no vector, and no generator makes one of it.</exception>
    public static async Task<float[]> OfQueryAsync(VectorPropertyModel property, object query, CancellationToken cancellation)
    {
        if (Numbers(query) is { } numbers) return numbers;
        if (property.EmbeddingGenerationDispatcher is null)
            throw new NotSupportedException($"A {query.GetType().Name} is no vector ({VectorTypes}), and the collection has no embedding generator that makes one of it.");
        return Numbers(await property.GenerateEmbeddingAsync(query, cancellation).ConfigureAwait(false))!;
    }

    /// <summary>How two vectors are compared.</summary>
    /// <exception cref="NotSupportedException">Qdrant does not know the function, or this store does not.</exception>
    public static Distance DistanceOf(VectorPropertyModel property) => property.DistanceFunction switch
    {
        null or DistanceFunction.CosineSimilarity => Distance.Cosine,
        DistanceFunction.DotProductSimilarity => Distance.Dot,
        DistanceFunction.EuclideanDistance => Distance.Euclid,
        DistanceFunction.ManhattanDistance => Distance.Manhattan,
        _ => throw new NotSupportedException($"The vector '{property.ModelName}' asks for {property.DistanceFunction}; Qdrant's are {DistanceFunction.CosineSimilarity}, {DistanceFunction.DotProductSimilarity}, {DistanceFunction.EuclideanDistance} and {DistanceFunction.ManhattanDistance}."),
    };

    private static float[]? Numbers(object? value) => value switch
    {
        float[] numbers => numbers,
        ReadOnlyMemory<float> memory => MemoryMarshal.TryGetArray(memory, out ArraySegment<float> part) && part.Offset == 0 && part.Count == part.Array!.Length ? part.Array : memory.ToArray(),
        Embedding<float> embedding => Numbers(embedding.Vector),
        _ => null,
    };

    private static Value ValueOf(object? value) => value switch
    {
        null => new Value { NullValue = NullValue.NullValue },
        string text => text,
        bool flag => flag,
        int number => (long)number,
        long number => number,
        float number => (double)number,
        double number => number,
        _ => throw new NotSupportedException($"Qdrant's values here are {Names}, got {value.GetType().Name}."),
    };

    private static object? Read(Value value, Type type) => value.KindCase switch
    {
        Value.KindOneofCase.StringValue => value.StringValue,
        Value.KindOneofCase.BoolValue => value.BoolValue,
        Value.KindOneofCase.IntegerValue => type == typeof(int) ? (object)(int)value.IntegerValue : value.IntegerValue,
        Value.KindOneofCase.DoubleValue => type == typeof(float) ? (object)(float)value.DoubleValue : value.DoubleValue,
        _ => null,
    };
}
