using System.Globalization;
using System.Text.RegularExpressions;

namespace GenQ.PdfWorker;

/// <summary>Numbers of pages, as figures or Roman numerals.</summary>
internal static partial class PageNumbers
{
    /// <summary>The number, or <see langword="null"/> where the text is none.</summary>
    public static int? Parse(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
        if (text.Length == 0 || !Roman.IsMatch(text)) return null;
        int sum = 0, largest = 0;
        foreach (char c in text.Reverse())
        {
            int value = char.ToLowerInvariant(c) switch { 'i' => 1, 'v' => 5, 'x' => 10, 'l' => 50, 'c' => 100, _ => 0 };
            sum += value < largest ? -value : value;
            largest = Math.Max(largest, value);
        }

        return sum;
    }

    [GeneratedRegex("^c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$", RegexOptions.IgnoreCase)]
    private static partial Regex Roman { get; }
}
