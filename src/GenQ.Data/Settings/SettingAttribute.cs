namespace GenQ.Data;

/// <summary>
/// Declares a property as a setting: what people read about it, which values it takes, and whether outputs depend on it. Command line, files
/// of settings, identities of stages, model cards and the table of settings are made of these declarations.
/// </summary>
/// <param name="help">What the setting does, in a sentence or two that fit a list.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string help) : Attribute
{
    /// <summary>What the setting does.</summary>
    public string Help { get; } = help;

    /// <summary>What the default is where the value alone does not say it, and why; follows "default".</summary>
    public string? Default { get; init; }

    /// <summary>A shorter name that a flag of the command line may have too.</summary>
    public string? Alias { get; init; }

    /// <summary>The least number.</summary>
    public double AtLeast { get; init; } = double.NegativeInfinity;

    /// <summary>The largest number.</summary>
    public double AtMost { get; init; } = double.PositiveInfinity;

    /// <summary>All numbers are larger than this one.</summary>
    public double Above { get; init; } = double.NegativeInfinity;

    /// <summary>All numbers are smaller than this one.</summary>
    public double Below { get; init; } = double.PositiveInfinity;

    /// <summary>Whether what comes out depends on it; else it makes a difference in speed or in safety alone.</summary>
    public bool Decides { get; init; } = true;

    /// <summary>
    /// Whether there were outputs before there was the setting: at its default it changes nothing, and stays out of what outputs depend on, so that
    /// those are gone on with.
    /// </summary>
    public bool CameLater { get; init; }
}
