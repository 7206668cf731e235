namespace GenQ.Web;

/// <summary>Ends a request with a status and a sentence for who asked.</summary>
/// <param name="status">The status, 400 or more.</param>
/// <param name="message">What is wrong, what was expected, what was got.</param>
internal sealed class Refusal(int status, string message) : Exception(message)
{
    /// <summary>The status.</summary>
    public int Status => status;

    /// <summary>In how many seconds to ask again, where that helps.</summary>
    public int? RetryAfter { get; init; }
}
