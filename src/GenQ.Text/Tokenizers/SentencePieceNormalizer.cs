namespace GenQ.Text;

/// <summary>
/// Prepares a text for segmentation as SentencePiece does: applies the compiled rules, puts a space in front, joins runs of
/// spaces and writes U+2581 for a space.
/// </summary>
/// <remarks>The order of the steps is that of SentencePiece, <c>normalizer.cc</c> (Normalizer::Normalize).</remarks>
internal sealed class SentencePieceNormalizer
{
    private readonly CharacterMap _map;
    private readonly PieceTrie? _userDefined;
    private readonly bool _addDummyPrefix;
    private readonly bool _removeExtraWhitespaces;

    /// <exception cref="InvalidDataException">The model's compiled rules are damaged.</exception>
    public SentencePieceNormalizer(SentencePieceModel model)
    {
        _map = new CharacterMap(model.CharacterMap.Span);
        _addDummyPrefix = model.AddDummyPrefix;
        _removeExtraWhitespaces = model.RemoveExtraWhitespaces;
        (byte[][] userDefined, int[] ids) = model.Spellings(SentencePieceType.UserDefined);
        if (userDefined.Length > 0) _userDefined = new PieceTrie(userDefined, ids);
    }

    private static ReadOnlySpan<byte> Space => "\u2581"u8;

    /// <summary>Appends the normalized form of <paramref name="text"/> (UTF-8) to <paramref name="output"/>.</summary>
    public void Normalize(ReadOnlySpan<byte> text, ref PooledList<byte> output)
    {
        int start = output.Count;
        if (_removeExtraWhitespaces)
        {
            while (!text.IsEmpty)
            {
                int length = ReplacePrefix(text, out ReadOnlySpan<byte> replacement);
                if (!replacement.SequenceEqual(" "u8)) break;
                text = text[length..];
            }
        }

        if (text.IsEmpty) return;
        if (_addDummyPrefix) output.AddRange(Space);
        bool afterSpace = _removeExtraWhitespaces;
        while (!text.IsEmpty)
        {
            if (_userDefined is null)
            {
                text = text[NormalizeAscii(text, ref output, ref afterSpace)..];
                if (text.IsEmpty) break;
            }

            text = text[ReplacePrefix(text, out ReadOnlySpan<byte> replacement)..];
            if (afterSpace) replacement = replacement.TrimStart((byte)' ');
            foreach (byte next in replacement)
            {
                if (next == ' ') output.AddRange(Space);
                else output.Add(next);
            }

            if (!replacement.IsEmpty) afterSpace = _removeExtraWhitespaces && replacement[^1] == ' ';
        }

        while (_removeExtraWhitespaces && output.Span[start..].EndsWith(Space)) output.Truncate(output.Count - Space.Length);
    }

    // The same for the characters whose rules are a table; returns how many there were.
    private int NormalizeAscii(ReadOnlySpan<byte> text, ref PooledList<byte> output, ref bool afterSpace)
    {
        Span<byte> room = output.Free(Space.Length * text.Length);
        ReadOnlySpan<byte> table = _map.BeforeAscii;
        int read = 0, written = 0;
        for (; read < text.Length && text[read] < 128 && (read + 1 == text.Length || text[read + 1] < 128); read++)
        {
            byte next = table[text[read]];
            if (next == CharacterMap.NotAscii) break;
            if (next != ' ')
            {
                room[written++] = next;
                afterSpace = false;
            }
            else if (!afterSpace)
            {
                Space.CopyTo(room[written..]);
                written += Space.Length;
                afterSpace = _removeExtraWhitespaces;
            }
        }

        output.Claim(written);
        return read;
    }

    // User-defined pieces are taken from the text as they stand.
    private int ReplacePrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int verbatim = _userDefined?.LongestMatch(text, out _) ?? 0;
        if (verbatim == 0) return _map.ReplacePrefix(text, out replacement);
        replacement = text[..verbatim];
        return verbatim;
    }
}
