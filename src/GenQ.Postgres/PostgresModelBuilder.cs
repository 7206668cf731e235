using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenQ.Postgres;

/// <summary>Reads what a record consists of, and refuses what a table cannot hold.</summary>
internal sealed class PostgresModelBuilder() : CollectionModelBuilder(new CollectionModelBuildingOptions { SupportsMultipleVectors = true, RequiresAtLeastOneVector = false })
{
    /// <inheritdoc/>
    protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
    {
        if (keyProperty.Type != typeof(object) && !IsKnown(keyProperty.Type))
            throw new NotSupportedException($"The key '{keyProperty.ModelName}' is {keyProperty.Type.Name}; PostgreSQL's keys here are: {PostgresType.Names}.");
    }

    /// <inheritdoc/>
    protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = PostgresType.Names;
        return IsKnown(type);
    }

    /// <inheritdoc/>
    protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = PostgresVector.Types;
        return PostgresVector.IsOne(type);
    }

    private static bool IsKnown(Type type) => PostgresType.Of(type) is not null;
}
