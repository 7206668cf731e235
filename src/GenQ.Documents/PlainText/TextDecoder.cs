using System.Buffers;
using System.Text;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Turns bytes of unknown encoding into text: byte order mark, UTF-16 without one, ISO-2022, UTF-8 (a slip in it becomes U+FFFD), what
/// the file says of
/// itself, and at last what <see cref="EncodingDetector"/> finds.
/// </summary>
internal static class TextDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Windows-1252 is Latin-1 with letters and quotes where Latin-1 has control characters; browsers read Latin-1, and ASCII, so, too.
    private static readonly Encoding Latin = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private const int Latin1Page = 28591, AsciiPage = 20127;

    // A declaration that makes more of a text unreadable than this is false.
    private const int CharactersPerFault = 50;

    private static readonly UTF8Encoding LenientUtf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="declared">The encoding that the file names itself; a byte order mark and UTF-8 go before it.</param>
    /// <exception cref="GenQException">The bytes are no text, or of an encoding that nobody can tell.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, Encoding? declared = null)
    {
        string text = Limited(bytes, whole => DecodeBytes(whole, declared));
        // A text may hold a stray NUL; a picture or an archive holds many.
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, 1 << 16));
        int zeros = head.Count('\0');
        if (zeros > 0 && zeros * 1000L > head.Length) throw new GenQException("The file is binary, not text.");
        return text;
    }

    /// <summary>Decodes, and refuses what is too large to be held as text.</summary>
    /// <param name="bytes">A whole file.</param>
    /// <param name="decode">Makes text of it.</param>
    /// <exception cref="GenQException">It has more than <see cref="InputLimits.DocumentCharacters"/> characters.</exception>
    public static string Limited(ReadOnlySpan<byte> bytes, Func<ReadOnlySpan<byte>, string> decode)
        => bytes.Length <= InputLimits.DocumentBytes && decode(bytes) is { Length: <= InputLimits.DocumentCharacters } text
            ? text
            : throw new GenQException($"The text has more than {InputLimits.DocumentCharacters:N0} characters: divide it.");

    /// <summary>The encoding of a name, such as "windows-1251"; <see langword="null"/> where nobody knows it.</summary>
    public static Encoding? Named(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string DecodeBytes(ReadOnlySpan<byte> bytes, Encoding? declared)
    {
        // UTF-32 stands first: its little-endian mark begins with the one of UTF-16.
        foreach (Encoding encoding in (Encoding[])[new UTF32Encoding(false, true), new UTF32Encoding(true, true),
            Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            if (bytes.StartsWith(encoding.Preamble)) return encoding.GetString(bytes[encoding.Preamble.Length..]);
        }

        if (Utf16WithoutMark.Detect(bytes) is { } utf16) return utf16.GetString(bytes);
        if (Escaped(bytes, declared) is { } escaped) return escaped;
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            if (declared?.CodePage is Latin1Page or AsciiPage) declared = Latin;
            if (Utf8WithSlips(bytes)) return LenientUtf8.GetString(bytes);
            if (declared is not null && IsDeclaredTruly(bytes, declared)) return declared.GetString(bytes);
            Encoding? detected = EncodingDetector.Detect(bytes);
            if (detected is not null) return detected.GetString(bytes);
            // Bytes that no text has are those of a picture or an archive, whatever else they look like.
            string reason = bytes.ContainsAnyInRange((byte)0, (byte)8)
                ? "The file is binary, not text."
                : "The file is not UTF-8, and which encoding it has cannot be told from what it holds: save it as UTF-8.";
            throw new GenQException(reason);
        }
    }

    // Encodings of seven bits look like ASCII, and so like UTF-8.
    private static string? Escaped(ReadOnlySpan<byte> bytes, Encoding? declared)
    {
        if (bytes.IndexOf("\x1B$"u8) < 0 && bytes.IndexOf("~{"u8) < 0) return null;
        if (bytes.ContainsAnyInRange((byte)0x80, (byte)0xFF)) return null;
        Encoding? encoding = declared is { CodePage: >= 50220 and <= 50229 or 52936 } ? declared : EncodingDetector.DetectEscaped(bytes);
        string? text = encoding?.GetString(bytes);
        return text is not null && !text.Contains('\uFFFD', StringComparison.Ordinal) ? text : null;
    }

    private static bool IsDeclaredTruly(ReadOnlySpan<byte> bytes, Encoding declared)
    {
        // UTF-16 was looked for, and is not what this is.
        if (declared is UnicodeEncoding or UTF32Encoding) return false;
        string text = declared.GetString(bytes);
        int faults = text.AsSpan().Count('\uFFFD');
        return faults == 0 || faults < text.AsSpan().Length / CharactersPerFault;
    }

    /// <summary>
    /// A text of another encoding is hardly ever valid UTF-8 by chance; one of UTF-8 may have a broken byte or a cut-off end.
    /// </summary>
    private static bool Utf8WithSlips(ReadOnlySpan<byte> bytes)
    {
        int valid = 0, broken = 0;
        while (!bytes.IsEmpty)
        {
            if (bytes[0] < 0x80)
            {
                int plain = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
                bytes = plain < 0 ? [] : bytes[plain..];
                continue;
            }

            // Half of a pair of UTF-16 that was written as UTF-8 is no character, but can only come from there.
            if (bytes is [0xED, >= 0xA0 and <= 0xBF, >= 0x80 and <= 0xBF, ..])
            {
                valid++;
                bytes = bytes[3..];
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes, out _, out int read) == OperationStatus.Done) valid++;
            else broken++;
            bytes = bytes[read..];
        }

        return valid > broken;
    }
}
