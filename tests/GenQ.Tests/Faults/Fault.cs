namespace GenQ.Tests.Faults;

/// <summary>What a <see cref="FaultyDisk"/> does at its step.</summary>
public enum Fault
{
    /// <summary>The process ends, in the middle of the step.</summary>
    Kill,

    /// <summary>The machine ends: what was not brought to the disk is lost besides.</summary>
    PowerCut,

    /// <summary>The disk is full.</summary>
    NoSpace,

    /// <summary>The disk fails.</summary>
    InputOutput,
}
