using AngleSharp.Dom;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Writes MathML in plain characters, such as x = 1/2 and e^12.</summary>
internal sealed class MathNotation(DocumentBuilder builder)
{
    private static readonly HashSet<string> Relations = new(StringComparer.Ordinal)
    {
        "=", "<", ">", "≤", "≥", "≠", "≈", "≡", "∼", "≃", "≅", "∝", "∈", "∉", "⊂", "⊆", "→", "↦", "⇒", "⇔", ":=", "≔",
    };

    private readonly Dictionary<IElement, string> _endings = [];
    private bool _isScriptBefore;
    private bool _isWordBefore;

    /// <summary>Whether a text only lays out the source of a formula.</summary>
    public static bool IsSpacing(IText text) =>
        text.ParentElement is { } parent && Name(parent) is { } name && !IsToken(name) && string.IsNullOrWhiteSpace(text.Data);

    /// <summary>Writes what stands before an element of a formula, or all of it.</summary>
    /// <param name="element">Any element of a page.</param>
    /// <param name="isWritten">Whether its children are written, too.</param>
    /// <returns>Whether it belongs to a formula.</returns>
    public bool TryBegin(IElement element, out bool isWritten)
    {
        isWritten = false;
        if (Name(element) is not { } name) return false;
        string beginning = "", ending = "";
        if (name is "math" && element.GetAttribute("display") is "block") builder.BreakLine();
        if (element.ParentElement is { } parent && Name(parent) is { } parentName)
            (beginning, ending) = AsPart(element, parent, parentName);
        (string Before, string After) own = name switch
        {
            "msqrt" => ("√(", ")"),
            "mroot" => ("(", ""),
            "mfenced" => (element.GetAttribute("open") ?? "(", element.GetAttribute("close") ?? ")"),
            "mtr" or "mlabeledtr" => ("", "; "),
            "mtd" or "mspace" => ("", " "),
            _ => ("", ""),
        };
        beginning += own.Before;
        ending = own.After + ending;
        bool joins = builder.LastWord(1) is [var last] && char.IsLetterOrDigit(last);
        bool mustStandApart = name is "mfrac" || (_isScriptBefore && IsToken(name) && name is not "mo");
        if (beginning.Length == 0 && joins && mustStandApart) builder.Append(" ");
        builder.Append(beginning);
        if (beginning.Length > 0) _isScriptBefore = _isWordBefore = false;
        if (IsToken(name) && element.ChildNodes is { Length: 0 } or [IText])
        {
            WriteToken(name, element.TextContent);
            builder.Append(ending);
            isWritten = true;
        }
        else
        {
            _endings.Add(element, ending);
        }

        return true;
    }

    /// <summary>Writes what stands behind an element of a formula.</summary>
    public bool TryEnd(IElement element)
    {
        if (!_endings.Remove(element, out string? ending)) return false;
        builder.Append(ending);
        if (Name(element) is { } name && HasPlaces(name)) _isScriptBefore = true;
        if (Name(element) is not "math") return true;
        if (element.GetAttribute("display") is "block") builder.BreakLine();
        _isScriptBefore = _isWordBefore = false;
        return true;
    }

    private void WriteToken(string name, string text)
    {
        // The characters of function application and of what is multiplied or listed without a sign.
        text = DocumentBuilder.OneLine(text).Trim('\u2061', '\u2062', '\u2063', '\u2064').Replace('−', '-');
        if (text.Length == 0) return;
        bool isWord = char.IsLetterOrDigit(text[0]) && (name is "mtext" or "ms" || (text.Length > 1 && char.IsLetter(text[0])));
        bool joins = builder.LastWord(1) is [var last] && char.IsLetterOrDigit(last) && char.IsLetterOrDigit(text[0]);
        if (name is "mo" && Relations.Contains(text))
        {
            builder.Append(" ");
            builder.Append(text);
            builder.Append(" ");
        }
        else
        {
            if (joins && (isWord || _isWordBefore || _isScriptBefore || char.IsDigit(text[0]))) builder.Append(" ");
            builder.Append(text);
        }

        (_isScriptBefore, _isWordBefore) = (false, isWord);
    }

    /// <summary>What stands before and behind an element because of its place in its parent.</summary>
    private static (string Before, string After) AsPart(IElement element, IElement parent, string parentName)
    {
        if (parentName is not ("mroot" or "mfenced") && !HasPlaces(parentName)) return ("", "");
        int place = ElementTree.FirstElements(parent, 3).IndexOf(element);
        if (parentName is "mfenced" && place == 0) return ("", "");
        if (parentName is "mfenced") return (parent.GetAttribute("separators") is [var separator, ..] ? $"{separator} " : ", ", "");
        string sign = (parentName, place) switch
        {
            ("mfrac", 1) => "/",
            ("msup", 1) or ("msubsup", 2) or ("munderover", 2) => "^",
            ("mover", 1) => Name(element) is "mo" ? "" : "^",
            ("msub", 1) or ("msubsup", 1) or ("munder", 1) or ("munderover", 1) => "_",
            ("mroot", 1) => ")^(1/",
            _ => "",
        };
        if (parentName is "mroot") return (sign, place == 1 ? ")" : "");
        return IsCompound(element) ? (sign + "(", ")") : (sign, "");
    }

    private static bool IsCompound(IElement element)
    {
        for (int depth = 0; depth < 32; depth++)
        {
            string? name = Name(element);
            if (name is "mfrac") return true;
            if (name is not ("mrow" or "mstyle" or "mpadded" or "semantics" or "mtd")) return false;
            List<IElement> parts = ElementTree.FirstElements(element, 3);
            if (parts is []) return false;
            if (parts.Count == 1 || name is "semantics")
            {
                element = parts[0];
                continue;
            }

            // A sign before a number, or brackets of its own.
            bool beginsWithOperator = Name(parts[0]) is "mo";
            if (beginsWithOperator && parts.Count == 2) return false;
            return !(beginsWithOperator && parts[0].TextContent.Trim() is "(" or "[" or "{");
        }

        return true;
    }

    private static bool HasPlaces(string name) =>
        name is "mfrac" or "msup" or "msub" or "msubsup" or "munder" or "mover" or "munderover";

    private static bool IsToken(string name) => name is "mn" or "mi" or "mo" or "mtext" or "ms";

    // XHTML may give the names a prefix, which an HTML parser takes for a part of them.
    private static string? Name(IElement element)
    {
        if (element.NamespaceUri == NamespaceNames.MathMlUri) return element.LocalName;
        string name = element.LocalName;
        if (name.StartsWith("mml:", StringComparison.Ordinal)) return name[4..];
        return name.StartsWith("m:", StringComparison.Ordinal) ? name[2..] : null;
    }
}
