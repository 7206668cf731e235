namespace GenQ.Data;

/// <summary>Declares a property as the same setting as one of another record, which holds where this one says nothing.</summary>
/// <param name="record">The record that declares the setting under the same name.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingOfAttribute(Type record) : Attribute
{
    /// <summary>The record that declares it.</summary>
    public Type Record { get; } = record;
}
