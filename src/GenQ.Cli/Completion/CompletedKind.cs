namespace GenQ.Cli.Completion;

/// <summary>Kinds of values that a shell can offer.</summary>
internal enum CompletedKind
{
    /// <summary>Nothing can be offered: a number, a question.</summary>
    None,

    /// <summary>Some words alone.</summary>
    Words,

    /// <summary>Files and folders.</summary>
    Files,

    /// <summary>Folders alone, such as those of runs.</summary>
    Folders,
}
