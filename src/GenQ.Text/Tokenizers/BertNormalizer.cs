using System.Globalization;
using System.Text;

namespace GenQ.Text;

/// <summary>Prepares a text for WordPiece as BERT does: cleans it, sets Chinese characters apart, strips accents, lowers case.</summary>
/// <remarks>The rules are those of Hugging Face tokenizers, <c>normalizers/bert.rs</c>.</remarks>
internal sealed record BertNormalizer
{
    /// <summary>Whether control characters go and every white space becomes a space. The default is true, as in BERT.</summary>
    public bool CleanText { get; init; } = true;

    /// <summary>Whether every Chinese character becomes a word. The default is true, as in BERT.</summary>
    public bool HandleChineseCharacters { get; init; } = true;

    /// <summary>Whether accents go; null means: where case is lowered. The default is null, as in BERT.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Whether case is lowered. The default is true, as in BERT's uncased models and MPNet.</summary>
    public bool Lowercase { get; init; } = true;

    /// <summary>Appends the normalized form of <paramref name="text"/> to <paramref name="output"/>.</summary>
    public void Normalize(ReadOnlySpan<char> text, ref PooledList<char> output)
    {
        if (Ascii.IsValid(text))
        {
            NormalizeAscii(text, ref output);
            return;
        }

        PooledList<char> cleaned = new(text.Length + 16);
        Clean(text, ref cleaned);
        if (StripAccents ?? Lowercase) RemoveAccents(ref cleaned);
        if (Lowercase)
        {
            LowerCase(cleaned.Span, ref output);
        }
        else
        {
            output.AddRange(cleaned.Span);
        }

        cleaned.Dispose();
    }

    // Nothing to decompose or set apart: one pass.
    private void NormalizeAscii(ReadOnlySpan<char> text, ref PooledList<char> output)
    {
        Span<char> room = output.Free(text.Length);
        int length = 0;
        foreach (char c in text)
        {
            if (CleanText && (c < ' ' || c == '\x7F'))
            {
                if (c is '\t' or '\n' or '\r') room[length++] = ' ';
                continue;
            }

            room[length++] = Lowercase && char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
        }

        output.Claim(length);
    }

    private void Clean(ReadOnlySpan<char> text, ref PooledList<char> output)
    {
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (CleanText && IsDropped(rune)) continue;
            if (CleanText && Rune.IsWhiteSpace(rune))
            {
                output.Add(' ');
                continue;
            }

            bool chinese = HandleChineseCharacters && IsChinese(rune.Value);
            if (chinese) output.Add(' ');
            Add(rune, ref output);
            if (chinese) output.Add(' ');
        }
    }

    // Canonical decomposition, without the marks that it splits off.
    private static void RemoveAccents(ref PooledList<char> text)
    {
        // .NET refuses to decompose a text that holds U+FFFE; U+FFFF is as unknown to every vocabulary.
        text.Span.Replace('\uFFFE', '\uFFFF');
        ReadOnlySpan<char> source = text.Span;
        PooledList<char> decomposed = new(source.GetNormalizedLength(NormalizationForm.FormD));
        if (!source.TryNormalize(decomposed.Free(0), out int length, NormalizationForm.FormD))
        {
            throw new InvalidOperationException("A text did not fit the length that its decomposition was said to have.");
        }

        decomposed.Claim(length);
        text.Truncate(0);
        foreach (Rune rune in decomposed.Span.EnumerateRunes())
        {
            if (rune.IsAscii || Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) Add(rune, ref text);
        }

        decomposed.Dispose();
    }

    private static void LowerCase(ReadOnlySpan<char> text, ref PooledList<char> output)
    {
        const int dottedCapitalI = 0x130;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // The one character whose lower case is two, which the framework leaves as it is.
            if (rune.Value == dottedCapitalI) output.AddRange("i\u0307");
            else Add(Rune.ToLowerInvariant(rune), ref output);
        }
    }

    private static void Add(Rune rune, ref PooledList<char> output)
    {
        if (rune.IsBmp) output.Add((char)rune.Value);
        else output.Claim(rune.EncodeToUtf16(output.Free(2)));
    }

    // Unassigned characters stay: they become the unknown id, as any other character that the vocabulary lacks.
    private static bool IsDropped(Rune rune)
    {
        if (rune.Value is '\t' or '\n' or '\r') return false;
        return rune.Value is 0 or 0xFFFD
            || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;
    }

    // The blocks of the reference, whose fifth begins at 2B920 where Unicode's begins at 2B820.
    private static bool IsChinese(int codePoint) => codePoint
        is (>= 0x4E00 and <= 0x9FFF)
        or (>= 0x3400 and <= 0x4DBF)
        or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F)
        or (>= 0x2B920 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF)
        or (>= 0x2F800 and <= 0x2FA1F);
}
