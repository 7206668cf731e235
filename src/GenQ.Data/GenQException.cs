namespace GenQ.Data;

/// <summary>
/// Something the user can mend: a wrong option, a broken file, a folder that does not fit. The message says what is
/// wrong, where, what was expected and what to do; the command line prints it without a stack trace.
/// </summary>
public sealed class GenQException : Exception
{
    /// <summary>Creates the exception with a message for the user.</summary>
    public GenQException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message for the user and its cause.</summary>
    public GenQException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
