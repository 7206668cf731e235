using GenQ.Data;
using GenQ.Text;

namespace GenQ.Extensions;

/// <summary>Which run an application searches, and how.</summary>
/// <remarks>Bound from the section <see cref="Section"/> of the configuration, from another one, or set in code. Checked when it is first used, or when a host starts.</remarks>
public sealed class GenQSearchOptions
{
    /// <summary>The section of the configuration that is read by default.</summary>
    public const string Section = "GenQ:Search";

    /// <summary>The run folder. It has no default.</summary>
    public string Run { get; set; } = "";

    /// <summary>The most results of a search that does not say how many, at least 1. The default is 10.</summary>
    public int Top { get; set; } = 10;

    /// <summary>
    /// Whether the run is opened when the host starts, which then fails where the run cannot be opened. By default it is opened at the first search.
    /// </summary>
    public bool PreloadAtStart { get; set; }

    /// <summary>
    /// How often the files of the run are looked at, at least 10 milliseconds; <see cref="Timeout.InfiniteTimeSpan"/> leaves it to
    /// <see cref="IPassageSearch.Refresh"/>. The default is 5 seconds. A new version is opened when two looks have found it the same.
    /// </summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Opens the run's encoder; set in code. The default is the run's export, which needs no torch.</summary>
    public Func<RunFolder, ISentenceEncoder>? Encoder { get; set; }
}
