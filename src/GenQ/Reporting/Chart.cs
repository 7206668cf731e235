namespace GenQ.Reporting;

/// <summary>
/// A chart of its own making as SVG. It is drawn as narrow as a telephone and hardly stretched, so that its text has the size of the text around it.
/// </summary>
/// <param name="Name">Names its file and its ids on a page.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Description">The same with its figures, for who does not see it.</param>
/// <param name="Height">Its height, in the units of <see cref="Width"/>.</param>
/// <param name="Marks">What is drawn.</param>
internal sealed record Chart(string Name, string Title, string Description, int Height, Html Marks)
{
    /// <summary>The width of every chart: about pixels on a telephone.</summary>
    public const int Width = 360;

    /// <summary>The space at the right edge, and at the left one where no ticks stand there: half a line's width.</summary>
    public const int Margin = 1;

    private const int HalfLabel = 16;

    // Alone, a chart is shown larger, with an edge around it.
    private const double Larger = 1.5;

    private const int Edge = 12;

    /// <summary>The chart as a part of a page that has <see cref="Theme.Page"/>.</summary>
    public Html Inline => Html.Of($"""
        <svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="{Name}-title {Name}-description">{Body}</svg>
        """);

    /// <summary>The chart as a file that needs nothing else, in light and in dark.</summary>
    public Html File => Html.Of($"""
        <svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{-Edge} {-Edge} {Width + (2 * Edge)} {Height + (2 * Edge)}" width="{(Width + (2 * Edge)) * Larger:0}" height="{(Height + (2 * Edge)) * Larger:0}" role="img" aria-labelledby="{Name}-title {Name}-description">
        <style>{Theme.Chart}</style>
        <rect class="background" x="{-Edge}" y="{-Edge}" width="{Width + (2 * Edge)}" height="{Height + (2 * Edge)}"/>
        {Body}
        </svg>

        """);

    private Html Body => Html.Of($"""<title id="{Name}-title">{Title}</title><desc id="{Name}-description">{Description}</desc>{Marks}""");

    /// <summary>A horizontal line of the grid with its tick.</summary>
    public static Html Row(double y, double left, string label) => Html.Of($"""
        <line class="grid" x1="{left:0.#}" x2="{Width - Margin}" y1="{y:0.#}" y2="{y:0.#}"/><text class="tick" x="{left - 6:0.#}" y="{y + 4:0.#}" text-anchor="end">{label}</text>
        """);

    /// <summary>A tick below the drawing.</summary>
    public static Html Column(double x, double bottom, string label)
    {
        // At the ends of the drawing a label keeps inside.
        string anchor = x < HalfLabel ? "start" : x > Width - HalfLabel ? "end" : "middle";
        return Html.Of($"""<text class="tick" x="{x:0.#}" y="{bottom + 16:0.#}" text-anchor="{anchor}">{label}</text>""");
    }

}
