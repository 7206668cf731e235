namespace GenQ.Cli.Doctor;

/// <summary>How much a finding matters.</summary>
internal enum FindingMark
{
    /// <summary>All is well.</summary>
    Ok,

    /// <summary>A run goes; something could be better.</summary>
    Note,

    /// <summary>A run would stop.</summary>
    Problem,
}
