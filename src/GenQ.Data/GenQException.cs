namespace GenQ.Data;

/// <summary>
/// Something the user can mend: a wrong option, a broken file, a folder that does not fit. The message says what is
/// wrong, where, what was expected and what to do, without a stack trace and in the words of no interface. Of long names that it quotes it holds
/// the beginning.
/// </summary>
public sealed class GenQException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public GenQException(string message)
        : base(PlainLine.OfMessage(message))
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public GenQException(string message, Exception innerException)
        : base(PlainLine.OfMessage(message), innerException)
    {
    }

    /// <summary>The file, the folder or the setting that is meant, where it is one.</summary>
    public string? Where { get; init; }

    /// <summary>What was expected there.</summary>
    public string? Expected { get; init; }

    /// <summary>What was found there.</summary>
    public string? Got { get; init; }

    /// <summary>What mends it, where a stage or a setting does; who shows the exception adds it in the words of its interface.</summary>
    public Remedy? Remedy { get; init; }
}
