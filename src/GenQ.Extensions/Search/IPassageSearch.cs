using GenQ.Data;
using GenQ.Retrieval;

namespace GenQ.Extensions;

/// <summary>Searches the passages of a run that an application serves; <c>AddGenQSearch</c> registers it.</summary>
/// <remarks>
/// Thread-safe. The run is opened once, at the first use or at the start of the application, and again when its files have changed: searches
/// go on in the old version until the new one is open, and one that has begun ends in the version that it began in.
/// </remarks>
public interface IPassageSearch
{
    /// <summary>The run folder.</summary>
    RunFolder Run { get; }

    /// <summary>The passages of the version that is open, in the order of the run.</summary>
    /// <exception cref="GenQException">The run cannot be opened; the message says why.</exception>
    /// <exception cref="ObjectDisposedException">The application has disposed of its services.</exception>
    IReadOnlyList<Passage> Passages { get; }

    /// <summary>Finds the passages that answer a query: some milliseconds of computing, and no waiting.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="top">The most results, at least 1; by default as many as <see cref="GenQSearchOptions.Top"/>.</param>
    /// <param name="mode">What the ranking goes by.</param>
    /// <returns>The passages, the best first.</returns>
    /// <exception cref="GenQException">The query is empty, or the run cannot be opened; the message says why.</exception>
    /// <exception cref="ObjectDisposedException">The application has disposed of its services.</exception>
    SearchAnswer Search(string query, int? top = null, SearchMode mode = SearchMode.Both) => Search(query, new SearchOptions { Top = top, Mode = mode });

    /// <summary>Finds the passages that answer a query, as options say.</summary>
    /// <param name="query">What is asked; it may not be empty.</param>
    /// <param name="options">How many, by what, among which passages, and whether hits say why.</param>
    /// <returns>The passages, the best first.</returns>
    /// <exception cref="GenQException">The query is empty, or the run cannot be opened; the message says why.</exception>
    /// <exception cref="ObjectDisposedException">The application has disposed of its services.</exception>
    SearchAnswer Search(string query, SearchOptions options);

    /// <summary>Looks at once whether the files of the run have changed, and opens the new version where they have.</summary>
    /// <returns>Whether another version is open now. Where the new one cannot be opened the old one stays, and <see cref="GetStatus"/> says why.</returns>
    /// <exception cref="GenQException">No version was open yet, and this one cannot be opened.</exception>
    /// <exception cref="ObjectDisposedException">The application has disposed of its services.</exception>
    bool Refresh();

    /// <summary>Opens the run unless it is open, and says how it stands; it throws nothing.</summary>
    PassageSearchStatus GetStatus();
}
