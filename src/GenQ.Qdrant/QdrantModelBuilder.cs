using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.VectorData.ProviderServices;

namespace GenQ.Qdrant;

/// <summary>Reads what a record consists of, and refuses what a point cannot hold.</summary>
internal sealed class QdrantModelBuilder() : CollectionModelBuilder(new CollectionModelBuildingOptions { RequiresAtLeastOneVector = true, SupportsMultipleVectors = false })
{
    /// <inheritdoc/>
    protected override void ValidateKeyProperty(KeyPropertyModel keyProperty)
    {
        if (keyProperty.Type != typeof(object) && keyProperty.Type != typeof(Guid) && keyProperty.Type != typeof(ulong))
            throw new NotSupportedException($"The key '{keyProperty.ModelName}' is {keyProperty.Type.Name}; Qdrant's keys are Guid and UInt64.");
    }

    /// <inheritdoc/>
    protected override bool IsDataPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = QdrantValues.Names;
        return QdrantValues.IsKnown(type);
    }

    /// <inheritdoc/>
    protected override bool IsVectorPropertyTypeValid(Type type, [NotNullWhen(false)] out string? supportedTypes)
    {
        supportedTypes = QdrantValues.VectorTypes;
        return QdrantValues.IsVector(type);
    }
}
