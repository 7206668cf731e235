using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Turns the bytes of a page into text: byte order mark, valid UTF-8, then the encoding that the page names in its XML declaration or in a
/// &lt;meta&gt;, wherever that stands.
/// </summary>
/// <remarks>
/// A name that cannot be right, because the bytes do not fit, is passed over: such names are copied from page to page.
/// </remarks>
internal static partial class HtmlDecoder
{
    private const int Iso2022Japanese = 50220, Iso2022Korean = 50225, Iso2022Chinese = 50227, HzChinese = 52936;

    private static readonly byte[][] Marks =
        [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0, 0, 0xFE, 0xFF]];

    /// <summary>Decodes a whole page.</summary>
    /// <exception cref="GenQException">The bytes are no text, in an encoding that is not known, or too many.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes) => TextDecoder.Limited(bytes, DecodeBytes);

    private static string DecodeBytes(ReadOnlySpan<byte> bytes)
    {
        foreach (byte[] mark in Marks)
        {
            if (bytes.StartsWith(mark)) return TextDecoder.Decode(bytes);
        }

        if (Utf16WithoutMark(bytes) is { } utf16) return utf16.GetString(bytes);
        bool isUtf8 = Utf8.IsValid(bytes), isAscii = !bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF);
        string? unknown = null;
        bool isNamed = false;
        foreach (string label in Labels(bytes))
        {
            if (Utf7.IsMatch(label) && (isAscii || !isUtf8)) throw NotRead(label);
            if (EncodingLabels.Find(label) is not { } encoding)
            {
                unknown ??= label;
                continue;
            }

            isNamed = true;
            if (DecodeAs(encoding, bytes, isUtf8, isAscii) is { } text) return text;
        }

        string guess = TextDecoder.Decode(bytes);
        // U+FFFD stands for a slip in UTF-8; without one the encoding is but a guess.
        bool isGuess = !isUtf8 && !guess.Contains('\uFFFD', StringComparison.Ordinal);
        return isGuess && !isNamed && unknown is not null ? throw NotRead(unknown) : guess;
    }

    private static GenQException NotRead(string label) => new(
        $"The page says that its encoding is '{label[..Math.Min(label.Length, 40)]}', which is not supported. Save it as UTF-8.");

    /// <summary>The page in the encoding that it names, or <see langword="null"/> where that cannot be.</summary>
    private static string? DecodeAs(Encoding encoding, ReadOnlySpan<byte> bytes, bool isUtf8, bool isAscii)
    {
        switch (encoding.CodePage)
        {
            case Iso2022Japanese or Iso2022Korean or Iso2022Chinese:
                return isAscii && bytes.Contains((byte)0x1B) ? encoding.GetString(bytes) : null;
            case HzChinese:
                return isAscii && bytes.IndexOf("~{"u8) >= 0 ? encoding.GetString(bytes) : null;
            case 65001:
                return null;
        }

        // Two bytes of an East Asian encoding may look like UTF-8, three in a row hardly ever do.
        bool isEastAsian = !encoding.IsSingleByte;
        if (isUtf8 && (isAscii || !isEastAsian || bytes.ContainsAnyInRange((byte)0xE0, (byte)0xFF))) return null;
        string text = encoding.GetString(bytes);
        int broken = text.AsSpan().Count('\uFFFD'), upper = 0;
        foreach (byte value in bytes)
        {
            if (value >= 0x80) upper++;
        }

        return broken * 20 <= (isUtf8 ? 0 : upper) ? text : null;
    }

    /// <summary>A page begins with an ASCII character, mostly "&lt;", whatever its language.</summary>
    private static UnicodeEncoding? Utf16WithoutMark(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return null;
        return (bytes[0], bytes[1], bytes[2], bytes[3]) switch
        {
            ((byte)'<' or (byte)'\n' or (byte)'\r', 0, > 0 and < 0x80, 0) => new UnicodeEncoding(bigEndian: false, byteOrderMark: false),
            (0, (byte)'<' or (byte)'\n' or (byte)'\r', 0, > 0 and < 0x80) => new UnicodeEncoding(bigEndian: true, byteOrderMark: false),
            _ => null,
        };
    }

    /// <summary>The names of encodings, in the page's order; scripts, comments and the values of other attributes hold none.</summary>
    private static List<string> Labels(ReadOnlySpan<byte> bytes)
    {
        const int MostLabels = 4, LongestTag = 1024;
        List<string> labels = [];
        if (bytes.TrimStart(" \t\r\n"u8).StartsWith("<?xml"u8))
        {
            string declaration = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, LongestTag)]);
            if (XmlEncoding.Match(declaration) is { Success: true } named) labels.Add(named.Groups[1].Value);
        }

        while (labels.Count < MostLabels && bytes.IndexOf((byte)'<') is >= 0 and int start)
        {
            bytes = bytes[start..];
            if (bytes.StartsWith("<!--"u8))
            {
                // <!--> is a whole comment.
                int end = bytes[2..].IndexOf("-->"u8);
                if (end < 0) break;
                bytes = bytes[(end + 5)..];
                continue;
            }

            // Without an end for this tag there is no whole tag behind it.
            int length = TagLength(bytes);
            if (length < 0) break;
            string tag = Encoding.Latin1.GetString(bytes[..Math.Min(length, LongestTag)]);
            bytes = bytes[length..];
            string name = TagName.Match(tag).Groups[1].Value.ToLowerInvariant();
            if (name is "meta")
            {
                if (MetaLabel(tag) is { Length: > 0 } label) labels.Add(label);
            }
            else if (name is "script" or "style" or "title" or "textarea" or "xmp" or "iframe" or "noembed" or "noframes")
            {
                int end = EndOfRawText(bytes, name);
                if (end < 0) break;
                bytes = bytes[end..];
            }
        }

        return labels;
    }

    private static string? MetaLabel(string tag)
    {
        string? charset = null, content = null, equivalent = null;
        foreach (Match attribute in Attribute.Matches(tag[5..]))
        {
            string value = attribute.Groups[2].Value.Trim().Trim('"', '\'');
            switch (attribute.Groups[1].Value.ToLowerInvariant())
            {
                case "charset": charset ??= value; break;
                case "content": content ??= value; break;
                case "http-equiv": equivalent ??= value; break;
            }
        }

        if (charset is not null) return charset.Trim();
        bool namesType = "content-type".Equals(equivalent, StringComparison.OrdinalIgnoreCase);
        return content is not null && namesType ? ContentCharset.Match(content).Groups[1].Value : null;
    }

    /// <summary>The length of a tag with its brackets, or -1; a bracket inside a quoted value does not end it.</summary>
    private static int TagLength(ReadOnlySpan<byte> tag)
    {
        int at = 1;
        while (at < tag.Length)
        {
            int next = tag[at..].IndexOfAny((byte)'>', (byte)'"', (byte)'\'');
            if (next < 0) break;
            at += next + 1;
            if (tag[at - 1] == '>') return at;
            bool isValue = tag[..(at - 1)].TrimEnd(" \t\r\n"u8) is [.., (byte)'='];
            int close = isValue ? tag[at..].IndexOf(tag[at - 1]) : -1;
            if (close >= 0) at += close + 1;
        }

        return -1;
    }

    private static int EndOfRawText(ReadOnlySpan<byte> bytes, string name)
    {
        for (int at = 0; bytes[at..].IndexOf("</"u8) is >= 0 and int next; at += next + 2)
        {
            ReadOnlySpan<byte> after = bytes[(at + next + 2)..];
            if (after.Length >= name.Length && Ascii.EqualsIgnoreCase(after[..name.Length], name)) return at + next;
        }

        return -1;
    }

    [GeneratedRegex("""utf-?7$""", RegexOptions.IgnoreCase)]
    private static partial Regex Utf7 { get; }

    [GeneratedRegex("""<\?xml[^>]*?\sencoding\s*=\s*["']\s*([\w:.-]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex XmlEncoding { get; }

    [GeneratedRegex("""^<([a-z][^\s/>]*)""", RegexOptions.IgnoreCase)]
    private static partial Regex TagName { get; }

    [GeneratedRegex("""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")]
    private static partial Regex Attribute { get; }

    [GeneratedRegex("""charset\s*=\s*["']?\s*([^\s"';]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex ContentCharset { get; }
}
