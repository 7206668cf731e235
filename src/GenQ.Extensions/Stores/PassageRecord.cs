using System.Security.Cryptography;
using System.Text;
using GenQ.Data;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace GenQ.Extensions;

/// <summary>A passage and its vector as a vector store keeps them.</summary>
public sealed class PassageRecord
{
    /// <summary>Made of <see cref="Id"/>: every store knows keys of this type, and few know others.</summary>
    public Guid Key { get; set; }

    /// <summary>The passage's <see cref="Passage.Id"/>.</summary>
    public string Id { get; set; } = "";

    /// <summary>The passage's words; indexed by word where the store can.</summary>
    public string Text { get; set; } = "";

    /// <summary>The heading path above it.</summary>
    public string? Title { get; set; }

    /// <summary>The file that it was cut from.</summary>
    public string? Source { get; set; }

    /// <summary>The page that it begins on, counted from 1.</summary>
    public int? Page { get; set; }

    /// <summary>Names the index that it is of: records of an earlier one are taken away when a run is stored again.</summary>
    public string Index { get; set; } = "";

    /// <summary>The passage's vector, of length 1. It is of the run's model, and so must be that of a query.</summary>
    public ReadOnlyMemory<float> Vector { get; set; }

    /// <summary>What a collection of such records consists of.</summary>
    /// <param name="dimensions">Numbers of a vector.</param>
    /// <param name="indexKind">How vectors are indexed, by a name of <see cref="Microsoft.Extensions.VectorData.IndexKind"/>; <see langword="null"/> leaves it to the store.</param>
    /// <param name="generator">Turns what is asked into a vector; where it is left out, vectors are asked for.</param>
    public static VectorStoreCollectionDefinition Definition(int dimensions, string? indexKind = null, IEmbeddingGenerator? generator = null) => new()
    {
        EmbeddingGenerator = generator,
        Properties =
        [
            new VectorStoreKeyProperty(nameof(Key), typeof(Guid)),
            new VectorStoreDataProperty(nameof(Id), typeof(string)),
            new VectorStoreDataProperty(nameof(Text), typeof(string)) { IsFullTextIndexed = true },
            new VectorStoreDataProperty(nameof(Title), typeof(string)),
            new VectorStoreDataProperty(nameof(Source), typeof(string)),
            new VectorStoreDataProperty(nameof(Page), typeof(int?)),
            new VectorStoreDataProperty(nameof(Index), typeof(string)) { IsIndexed = true },
            new VectorStoreVectorProperty(nameof(Vector), typeof(ReadOnlyMemory<float>), dimensions) { DistanceFunction = DistanceFunction.CosineSimilarity, IndexKind = indexKind },
        ],
    };

    /// <summary>The key of a passage: the same in every run and store.</summary>
    /// <param name="id">The passage's <see cref="Passage.Id"/>.</param>
    public static Guid KeyOf(string id)
    {
        // A UUID of version 8: its bits are the application's own, but for these two marks.
        byte[] bits = SHA256.HashData(Encoding.UTF8.GetBytes(id))[..16];
        bits[6] = (byte)((bits[6] & 0x0F) | 0x80);
        bits[8] = (byte)((bits[8] & 0x3F) | 0x80);
        return new Guid(bits, bigEndian: true);
    }

    /// <summary>Makes the record of a passage.</summary>
    internal static PassageRecord Of(Passage passage, ReadOnlyMemory<float> vector, string index) => new()
    {
        Key = KeyOf(passage.Id),
        Id = passage.Id,
        Text = passage.Text,
        Title = passage.Title,
        Source = passage.Origin?.Source,
        Page = passage.Origin?.Page,
        Index = index,
        Vector = vector,
    };
}
