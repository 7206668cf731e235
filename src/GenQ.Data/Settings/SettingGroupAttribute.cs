namespace GenQ.Data;

/// <summary>Declares a property whose record holds further settings: their names begin with the property's, as in "training.epochs".</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingGroupAttribute : Attribute;
