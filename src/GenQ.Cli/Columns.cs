using System.Globalization;
using System.Text;
using Spectre.Console;

namespace GenQ.Cli;

/// <summary>Measures what is shown in columns of a terminal, of which some letters take two, and cuts it to fit.</summary>
internal static class Columns
{
    /// <summary>Returns the text, or its beginning and an ellipsis, in at most so many columns.</summary>
    public static string Fit(string text, int columns)
    {
        if (text.GetCellWidth() <= columns) return text;
        StringBuilder fit = new();
        int room = columns - 1;
        foreach (Rune rune in text.EnumerateRunes())
        {
            room -= rune.ToString().GetCellWidth();
            if (room < 0) break;
            fit.Append(rune.ToString());
        }

        return columns < 1 ? "" : fit.ToString().TrimEnd() + "…";
    }

    /// <summary>A time as a person reads it: 8 s, 4:11, 1:02:03.</summary>
    public static string Of(TimeSpan time) => time.TotalSeconds < 59.5
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(Math.Round(time.TotalSeconds), 0)} s")
        : time.TotalHours < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}");
}
