namespace GenQ.Text;

/// <summary>Declares a property as a value of a model's JSON file, whose key is the property's name in snake case.</summary>
/// <param name="kind">What it may be.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ConfigValueAttribute(ConfigKind kind = ConfigKind.Any) : Attribute
{
    /// <summary>What it may be.</summary>
    public ConfigKind Kind { get; } = kind;
}
