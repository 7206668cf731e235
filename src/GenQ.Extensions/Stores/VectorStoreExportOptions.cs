using GenQ.Data;

namespace GenQ.Extensions;

/// <summary>Settings of <see cref="VectorStoreExport"/>.</summary>
public sealed record VectorStoreExportOptions
{
    /// <summary>Passages that are sent together, at least 1. The default is 256: some hundred kilobytes.</summary>
    public int BatchSize { get; init => field = Check.AtLeast(value, 1); } = 256;

    /// <summary>
    /// How vectors are indexed, by a name of <see cref="Microsoft.Extensions.VectorData.IndexKind"/>. By default it is left to the store; PostgreSQL
    /// then compares all of them, which is exact.
    /// </summary>
    public string? IndexKind { get; init; }
}
