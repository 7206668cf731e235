using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace GenQ.Documents;

/// <summary>
/// A pattern of file names, part for part of a path: * stands for any letters of a name, ? for one, [ab], [a-z] and [!a] for one of them
/// or none of
/// them, ** for any number of folders, and {a,b} for either.
/// </summary>
internal sealed class GlobPattern
{
    /// <summary>What a pattern may hold, for messages.</summary>
    public const string Signs = "*, ?, [ab], {a,b} and ** (any number of folders)";

    private static readonly SearchValues<char> Wildcards = SearchValues.Create("*?[");

    // null stands for any number of names.
    private readonly Regex?[] _parts;

    /// <summary>Creates a pattern of the names of a path, without {a,b}.</summary>
    public GlobPattern(IEnumerable<string> parts) => _parts = [.. parts.Select(part => part == "**" ? null : ToRegex(part))];

    /// <summary>Whether it holds **.</summary>
    public bool IsDeep => _parts.Contains(null);

    /// <summary>Whether a name or path holds *, ? or [.</summary>
    public static bool HasWildcard(ReadOnlySpan<char> text) => text.ContainsAny(Wildcards);

    /// <summary>Replaces {a,b} by either, as shells do: one path for each choice. Braces without a comma are letters.</summary>
    public static IEnumerable<string> Expand(string input)
    {
        for (int open = input.IndexOf('{', StringComparison.Ordinal); open >= 0; open = input.IndexOf('{', open + 1))
        {
            List<int> cuts = [open];
            int depth = 0, close = open;
            for (; close < input.Length; close++)
            {
                if (input[close] == '{') depth++;
                else if (input[close] == ',' && depth == 1) cuts.Add(close);
                else if (input[close] == '}' && --depth == 0) break;
            }

            if (close == input.Length || cuts.Count == 1) continue;
            cuts.Add(close);
            string before = input[..open], after = input[(close + 1)..];
            return cuts.Zip(cuts.Skip(1)).SelectMany(cut => Expand(before + input[(cut.First + 1)..cut.Second] + after));
        }

        return [input];
    }

    /// <summary>Whether the names of a path fit.</summary>
    public bool Matches(ReadOnlySpan<string> names) => Matches(names, _parts);

    /// <summary>Whether files below a folder of these names can fit.</summary>
    public bool LeadsTo(ReadOnlySpan<string> names) => names.Length < _parts.Length && Matches(names, _parts.AsSpan(0, names.Length));

    private static bool Matches(ReadOnlySpan<string> names, ReadOnlySpan<Regex?> parts)
    {
        if (parts.IsEmpty) return names.IsEmpty;
        if (parts[0] is not { } name) return Matches(names, parts[1..]) || (!names.IsEmpty && Matches(names[1..], parts));
        return !names.IsEmpty && name.IsMatch(names[0]) && Matches(names[1..], parts[1..]);
    }

    private static Regex ToRegex(string part)
    {
        StringBuilder regex = new(@"\A");
        for (int i = 0; i < part.Length; i++)
        {
            if (part[i] == '*') regex.Append(".*");
            else if (part[i] == '?') regex.Append('.');
            else if (part[i] == '[' && ClassEnd(part, i) is { } end)
            {
                regex.Append(Class(part[(i + 1)..end]));
                i = end;
            }
            else regex.Append(Regex.Escape(part[i].ToString()));
        }

        // Many stars in one name would make a backtracking engine try for ever.
        const RegexOptions Plain = RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant;
        return new Regex(regex.Append(@"\z").ToString(), Plain);
    }

    // A bracket that stands first belongs to the letters; one that is never closed is a letter itself.
    private static int? ClassEnd(string part, int open)
    {
        int first = open + 1 < part.Length && part[open + 1] is '!' or '^' ? open + 2 : open + 1;
        int end = first < part.Length ? part.IndexOf(']', first + 1) : -1;
        return end < 0 ? null : end;
    }

    private static string Class(string letters)
    {
        bool isNot = letters[0] is '!' or '^';
        StringBuilder set = new(isNot ? "[^" : "[");
        for (int i = isNot ? 1 : 0; i < letters.Length; i++)
        {
            bool isRange = i + 2 < letters.Length && letters[i + 1] == '-' && letters[i] <= letters[i + 2];
            set.Append(Hex(letters[i]));
            if (!isRange) continue;
            set.Append('-').Append(Hex(letters[i + 2]));
            i += 2;
        }

        return set.Append(']').ToString();

        static string Hex(char c) => $@"\u{(int)c:X4}";
    }
}
