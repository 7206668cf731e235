namespace GenQ.Extensions;

/// <summary>How an <see cref="IPassageSearch"/> stands.</summary>
/// <param name="Opened">When the version that answers was opened; <see langword="null"/> where none is open.</param>
/// <param name="Passages">How many passages it has.</param>
/// <param name="Problem">Why the newest version of the run could not be opened; <see langword="null"/> where it is open.</param>
public sealed record PassageSearchStatus(DateTimeOffset? Opened, int Passages, string? Problem)
{
    /// <summary>Whether searches are answered.</summary>
    public bool IsOpen => Opened is not null;
}
