using System.Text.RegularExpressions;
using AngleSharp.Dom;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Writes superscripts and subscripts in plain characters: 2^10, CO2, 1st, 1/2; a footnote mark becomes [1].</summary>
internal static partial class ScriptNotation
{
    private static readonly HashSet<string> Ordinals = new(StringComparer.OrdinalIgnoreCase)
    {
        "st", "nd", "rd", "th", "e", "er", "ers", "re", "res", "ère", "ème", "eme", "nde", "es", "o", "a", "os", "as", "º",
        "ª", "te", "ste",
    };

    private static readonly HashSet<string> Abbreviations = new(StringComparer.Ordinal)
    {
        "Mme", "Mmes", "Mlle", "Mlles", "Mgr", "Mr", "Mrs", "Ms", "Dr", "Dre", "Pr", "Sr", "Sra", "Jr", "St", "Ste", "Ve", "Vve", "Cie",
        "No", "no", "Nos", "nos", "Nr",
    };

    private static readonly HashSet<string> UnitsAndFunctions = new(StringComparer.Ordinal)
    {
        "nm", "µm", "μm", "um", "mm", "cm", "dm", "km", "ft", "in", "yd", "mi", "kg", "mg", "ms", "min", "sec", "mol", "Pa", "Hz", "ha",
        "inch", "feet", "foot", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "log", "ln", "lg", "exp", "dx",
        "dy", "dt", "km/h",
    };

    private const int LongestScript = 24;

    // What is written piece by piece.
    private const string Structured = "sup, sub, math, img, br, p, div, ul, ol, table, button, [hidden], [aria-hidden]";

    /// <summary>Writes a &lt;sup&gt; or &lt;sub&gt; element, or its beginning.</summary>
    /// <param name="script">The element.</param>
    /// <param name="next">The node that follows it.</param>
    /// <param name="builder">Holds what stands before it.</param>
    /// <returns>What is to be written after its children, or <see langword="null"/> where the element is written as a whole.</returns>
    public static string? Write(IElement script, INode? next, DocumentBuilder builder)
    {
        string text = ElementTree.ShortText(script).Replace('−', '-').Replace('⁄', '/');
        if (text.Length == 0) return "";
        string before = builder.LastWord(32);
        string after = FirstText(next);
        bool isRaised = script.LocalName is "sup";
        bool isText = text.Length > LongestScript || before.Length == 0;
        if (text.Length > LongestScript || script.QuerySelector(Structured) is not null)
        {
            builder.Append(isText ? " " : isRaised ? "^(" : "_(");
            return isText ? " " : ")";
        }

        string written = isRaised ? Raised(script, text, before, after) : Lowered(text, before, after);
        builder.Append(written);
        // Digits that follow must not join those of the script.
        bool joinsDigits = char.IsLetterOrDigit(written[^1]) && after.Length > 0 && char.IsAsciiDigit(after[0]);
        if (joinsDigits || script.LastChild is IText { Data: [.., ' ' or '\n'] }) builder.Append(" ");
        return null;
    }

    private static string Raised(IElement script, string text, string before, string after)
    {
        if (IsNoteMark(script, text)) return before is [.., '['] ? text : Mark(text);
        bool isNumber = Number.IsMatch(text), isFraction = Digits.IsMatch(text) && IsSlash(after);
        if (before.Length == 0) return isNumber && !isFraction && BeginsWord(after) ? text + " " : text;

        char last = before[^1];
        bool followsDigit = char.IsAsciiDigit(last);
        string word = TrailingLetters.Match(before).Value;
        if (isFraction && !char.IsLetter(last)) return followsDigit ? " " + text : text;
        if (text is "TM" or "tm") return "™";
        if (text is "SM") return "℠";
        if (text[0] is '[' or '(' || !text.Any(char.IsLetterOrDigit)) return text;
        bool mayBeOrdinal = (followsDigit || RomanNumeral.IsMatch(word)) && script.QuerySelector("i, var, em") is null;
        if (mayBeOrdinal && Ordinals.Contains(text)) return text;
        if (Abbreviations.Contains(word + text)) return text;
        if (Charge.IsMatch(text)) return followsDigit ? "^" + text : text;
        if (isNumber)
        {
            bool isExponent = followsDigit || last is ')' or ']' or '|' || text[0] is '-' or '+' || word.Length == 1
                || UnitsAndFunctions.Contains(word) || !char.IsAscii(last);
            return isExponent && !IsPunctuation(last) ? "^" + text : Mark(text);
        }

        if (NoteList.IsMatch(text)) return Mark(text);
        return "^" + InBrackets(text);
    }

    private static string Lowered(string text, string before, string after)
    {
        if (before.Length == 0 || !text.Any(char.IsLetterOrDigit)) return text;
        char last = before[^1];
        if (!char.IsLetterOrDigit(last) && last is not (')' or ']' or '}')) return text;
        if (text.Contains(' ', StringComparison.Ordinal)) return " " + text + " ";
        // Formulas of chemistry are written in one.
        bool isFormula = Number.IsMatch(text) && !char.IsAsciiDigit(last) && !(after.Length > 0 && char.IsAsciiDigit(after[0]));
        return isFormula ? text : "_" + InBrackets(text);
    }

    /// <summary>A mark of a note is a link, or has a name that says so.</summary>
    private static bool IsNoteMark(IElement script, string text)
    {
        if (script.QuerySelector("a") is not null || IsNamedNote(script)) return true;
        return script.Ancestors<IElement>().Take(3)
            .Where(ancestor => ancestor.LocalName is "a" || IsNamedNote(ancestor))
            .Any(ancestor => ElementTree.ShortText(ancestor).Trim('[', ']', '(', ')') == text);

        static bool IsNamedNote(IElement element) =>
            (element.GetAttribute("role") ?? element.GetAttribute("epub:type")) is "doc-noteref" or "noteref"
            || NoteName.IsMatch($"{element.ClassName} {element.Id}");
    }

    private static string Mark(string text) => text.Any(char.IsLetterOrDigit) && text[0] is not ('[' or '(') ? $"[{text}]" : text;

    private static string InBrackets(string text) => Simple.IsMatch(text) ? text : $"({text})";

    private static bool IsPunctuation(char c) => c is '.' or ',' or ';' or ':' or '!' or '?' or '"' or '\'' or '”' or '’' or '»' or '…';

    private static bool IsSlash(string after) => after is ['/' or '⁄' or '∕', ..] && after[1..].All(char.IsWhiteSpace);

    /// <summary>Whether a word follows, and not the symbol of an element as in ¹⁴C.</summary>
    private static bool BeginsWord(string after) => after.Length > 0 && char.IsLetter(after[0]) && !ChemicalSymbol.IsMatch(after);

    // Another script finds its own place.
    private static string FirstText(INode? node) => node switch
    {
        IText text => text.Data,
        IElement { LocalName: not ("sup" or "sub") } element => ElementTree.ShortText(element),
        _ => "",
    };

    [GeneratedRegex("""^[+-]?\d+(?:[.,]\d+)*$""")]
    private static partial Regex Number { get; }

    [GeneratedRegex("""^\d+$""")]
    private static partial Regex Digits { get; }

    [GeneratedRegex("""^\d*[+-]$""")]
    private static partial Regex Charge { get; }

    [GeneratedRegex("""^\d+(?:\s*[,;–-]\s*\d+)+$""")]
    private static partial Regex NoteList { get; }

    [GeneratedRegex("""^[+-]?[\p{L}\p{Nd}._]+$""")]
    private static partial Regex Simple { get; }

    [GeneratedRegex("""[\p{L}/]*$""")]
    private static partial Regex TrailingLetters { get; }

    [GeneratedRegex("""^[IVXLCDMivxlcdm]+$""")]
    private static partial Regex RomanNumeral { get; }

    [GeneratedRegex("""^[A-Z][a-z]?(?![\p{L}\s]*\p{Ll}{3})""")]
    private static partial Regex ChemicalSymbol { get; }

    [GeneratedRegex("""(?:^|[\s_-])(?:footnote|fn-?ref|note-?ref|sdfootnoteanc|reference|cite_ref)""", RegexOptions.IgnoreCase)]
    private static partial Regex NoteName { get; }
}
