namespace GenQ.Data;

/// <summary>What becomes of a run's file that is not what was written.</summary>
internal enum FileCare
{
    /// <summary>It cost much, or decides what did: it is never taken away, and nothing goes on with it.</summary>
    Kept,

    /// <summary>Its stage makes it anew of what is whole, to the same bytes.</summary>
    MadeAnew,

    /// <summary>People may change it: that is said, and goes on.</summary>
    Editable,

    /// <summary>genq.json does not know it: it changes as a stage works, or says itself whether it is whole.</summary>
    Unrecorded,
}
