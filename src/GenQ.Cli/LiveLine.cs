using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace GenQ.Cli;

/// <summary>
/// The one line of a terminal that moves: what is being done, a bar, per cent, the time left, and words. It is as wide as the terminal at most; what has no
/// place is cut, from the right: the words first, then the bar.
/// </summary>
internal sealed class LiveLine : Renderable
{
    // A bar is worth its place only beside a name, and words only where some of them can be read.
    private const int WideBar = 24, NarrowBar = 12, RoomForWideBar = 90, RoomForBar = 58, FewestWords = 12;

    private static readonly Style Dim = new(decoration: Decoration.Dim), Busy = new(Color.Blue), Full = new(Color.Green);

    private volatile Part? _part;

    /// <summary>Shows a part of the work; <see langword="null"/> shows nothing.</summary>
    public void Show(Part? part) => _part = part;

    /// <summary>What a line of so many columns says.</summary>
    /// <param name="part">The part of the work.</param>
    /// <param name="columns">How wide the terminal is.</param>
    /// <param name="isUnicode">Whether it shows more than ASCII.</param>
    public static IReadOnlyList<(string Text, Style Style)> Compose(Part part, int columns, bool isUnicode)
    {
        // The last column stays free: some terminals begin a line when it is filled.
        int room = columns - 1;
        List<(string Text, Style Style)> line = [];
        double share = part.Total > 0 ? Math.Clamp(part.Done / (double)part.Total, 0, 1) : 0;
        string percent = part.Total > 0 ? string.Create(CultureInfo.InvariantCulture, $" {Math.Floor(100 * share),3}%") : "";
        string left = part.Left is { } time ? $"  {Columns.Of(time)} left" : "";
        int bar = part.Total == 0 || room < RoomForBar ? 0 : room < RoomForWideBar ? NarrowBar : WideBar;
        Add(isUnicode ? "◌ " : "* ", Busy);
        Add(Columns.Fit(part.Name, Math.Max(room - percent.Length - left.Length - (bar > 0 ? bar + 2 : 0), 0)), Style.Plain);
        if (bar > 0)
        {
            int full = (int)(bar * share);
            Add("  ", Style.Plain);
            Add(new string(isUnicode ? '━' : '#', full), Full);
            Add(new string(isUnicode ? '─' : '-', bar - full), Dim);
        }

        if (percent.Length <= room) Add(percent, Style.Plain);
        if (left.Length <= room) Add(left, Dim);
        if (room >= FewestWords && part.Words.Length > 0) Add("  " + Columns.Fit(part.Words, room - 2), Dim);
        return line;

        void Add(string text, Style style)
        {
            line.Add((text, style));
            room -= text.GetCellWidth();
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        => _part is { } part ? Compose(part, maxWidth, options.Unicode).Select(piece => new Segment(piece.Text, piece.Style)) : [];

    /// <summary>A part of the work as it stands.</summary>
    /// <param name="Name">What is being done.</param>
    /// <param name="Done">Units done.</param>
    /// <param name="Total">Units in all; 0 where none are counted.</param>
    /// <param name="Left">The time that is left, where it can be told.</param>
    /// <param name="Words">What a person wants to see meanwhile, in one line.</param>
    internal sealed record Part(string Name, long Done, long Total, TimeSpan? Left, string Words);
}
