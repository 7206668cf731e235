namespace GenQ.Data;

/// <summary>How a file of a run differs from what its stage has written.</summary>
internal enum FileState
{
    /// <summary>Its content is another one.</summary>
    Damaged,

    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>Its content is another one, and people may change it.</summary>
    Changed,

    /// <summary>No stage has written it.</summary>
    Unknown,
}
