using System.Buffers;
using System.Text;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Turns bytes of unknown encoding into text: byte order mark, UTF-8 (a slip in it becomes U+FFFD), UTF-16 without a mark, Windows-1252.</summary>
internal static class TextDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Windows-1252 is Latin-1 with letters and quotes where Latin-1 has control characters; browsers read Latin-1, and ASCII, so, too.
    private static readonly Encoding Latin = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private const int Latin1Page = 28591, AsciiPage = 20127;

    private static readonly UTF8Encoding LenientUtf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Decodes a whole file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="declared">The encoding that the file names itself; a byte order mark and valid UTF-8 go before it.</param>
    /// <exception cref="GenQException">The bytes are no text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes, Encoding? declared = null)
    {
        string text = DecodeBytes(bytes, declared);
        // A text may hold a stray NUL; a picture or an archive holds many.
        ReadOnlySpan<char> head = text.AsSpan(0, Math.Min(text.Length, 1 << 16));
        int zeros = head.Count('\0');
        if (zeros > 0 && zeros * 1000L > head.Length) throw new GenQException("The file is binary, not text.");
        return text;
    }

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

        if (Utf16WithoutMark(bytes) is { } utf16) return utf16.GetString(bytes);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            if (declared?.CodePage is Latin1Page or AsciiPage) declared = Latin;
            return (declared ?? Utf8WithSlips(bytes) ?? Latin).GetString(bytes);
        }
    }

    /// <summary>A text of another encoding is hardly ever valid UTF-8 by chance; one of UTF-8 may have a broken byte or a cut-off end.</summary>
    private static UTF8Encoding? Utf8WithSlips(ReadOnlySpan<byte> bytes)
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

            if (Rune.DecodeFromUtf8(bytes, out _, out int read) == OperationStatus.Done) valid++;
            else broken++;
            bytes = bytes[read..];
        }

        return valid > broken ? LenientUtf8 : null;
    }

    /// <summary>Western text in UTF-16 has a zero in almost every second byte, and only there.</summary>
    private static Encoding? Utf16WithoutMark(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> head = bytes[..(Math.Min(bytes.Length, 4096) & ~1)];
        int even = 0, odd = 0;
        for (int i = 0; i < head.Length; i += 2)
        {
            if (head[i] == 0) even++;
            if (head[i + 1] == 0) odd++;
        }

        int most = head.Length * 4 / 10;
        if (head.Length < 8) return null;
        if (even == 0 && odd >= most) return Encoding.Unicode;
        return odd == 0 && even >= most ? Encoding.BigEndianUnicode : null;
    }
}
