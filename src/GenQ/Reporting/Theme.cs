using System.Text.RegularExpressions;

namespace GenQ.Reporting;

/// <summary>The style sheets of the pages and of charts that stand alone.</summary>
internal static partial class Theme
{
    private static readonly string Colours = Read("theme.css"), Charts = Read("charts.css");

    private static readonly Dictionary<string, (string Light, string Dark)> Pairs = Colour().Matches(Colours)
        .ToDictionary(colour => colour.Groups[1].Value, colour => (colour.Groups[2].Value, colour.Groups[3].Value));

    /// <summary>What a page needs.</summary>
    public static Html Page { get; } = Html.Trusted(Colours + Charts + Read("report.css"));

    /// <summary>What a chart needs that stands alone. It names its colours themselves, since programs that draw SVG seldom know variables.</summary>
    public static Html Chart { get; } = Html.Trusted($"{Resolve(isDark: false)}@media (prefers-color-scheme: dark) {{\n{Resolve(isDark: true)}}}");

    private static string Resolve(bool isDark)
        => Variable().Replace(Charts, use => isDark ? Pairs[use.Groups[1].Value].Dark : Pairs[use.Groups[1].Value].Light);

    private static string Read(string name)
    {
        using StreamReader reader = new(typeof(Theme).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"--([\w-]+):\s*light-dark\((#\w+),\s*(#\w+)\)")]
    private static partial Regex Colour();

    [GeneratedRegex(@"var\(--([\w-]+)\)")]
    private static partial Regex Variable();
}
