using GenQ.Data;

namespace GenQ.Retrieval;

/// <summary>How a run is searched.</summary>
public sealed record SearchOptions
{
    /// <summary>How many results a search gives at most where nobody says how many.</summary>
    internal const int DefaultTop = 10;

    /// <summary>The most results, at least 1; <see langword="null"/> is the default of who searches, else 10.</summary>
    public int? Top { get; init => field = value is { } top ? Check.AtLeast(top, 1) : null; }

    /// <summary>What the ranking goes by.</summary>
    public SearchMode Mode { get; init; } = SearchMode.Both;

    /// <summary>What words count for beside meaning in <see cref="SearchMode.Both"/>, a finite number of at least 0; <see langword="null"/> is what the run has found.</summary>
    public float? WordsWeight { get; init => field = value is { } weight ? Check.That(weight, weight is >= 0 and < float.PositiveInfinity, "a number of at least 0") : null; }

    /// <summary>
    /// Whether a passage may be found; <see langword="null"/> takes all. It is asked from many threads. Scores are those of a search in all passages.
    /// </summary>
    public Func<Passage, bool>? Where { get; init; }

    /// <summary>Whether hits say why they were found, which takes both searches, whatever the <see cref="Mode"/>.</summary>
    public bool Explain { get; init; }
}
