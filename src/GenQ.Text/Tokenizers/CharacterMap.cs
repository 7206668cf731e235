using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenQ.Text;

/// <summary>
/// SentencePiece's compiled normalization rules (<c>precompiled_charsmap</c>): a darts-clone double array from byte
/// sequences to offsets into a block of zero-terminated replacements. T5's rules are NFKC with a few more for white space.
/// </summary>
/// <remarks>Layout: SentencePiece, <c>normalizer.cc</c> (DecodePrecompiledCharsMap) and <c>darts.h</c> (DoubleArrayUnit).</remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units = [];
    private readonly byte[] _replacements = [];

    // What an ASCII character becomes before another one or the end, where that is one ASCII character in every case: most of most texts.
    private readonly byte[] _beforeAscii = new byte[128];

    /// <summary>Reads the map: the size of the array in bytes (little endian), the array, the replacements. Empty means no rules.</summary>
    /// <exception cref="InvalidDataException">The sizes do not fit.</exception>
    public CharacterMap(ReadOnlySpan<byte> compiled)
    {
        if (!compiled.IsEmpty)
        {
            int size = compiled.Length > 4 ? BinaryPrimitives.ReadInt32LittleEndian(compiled) : -1;
            if (size <= 0 || size % 4 != 0 || size > compiled.Length - 4)
            {
                throw new InvalidDataException($"its normalization rules ({compiled.Length} bytes) are damaged.");
            }

            _units = MemoryMarshal.Cast<byte, uint>(compiled.Slice(4, size)).ToArray();
            _replacements = compiled[(4 + size)..].ToArray();
            RequireSound(compiled.Length);
        }

        for (int first = 0; first < _beforeAscii.Length; first++) _beforeAscii[first] = FindBeforeAscii((byte)first);
    }

    /// <summary>Stands in the table of ASCII characters for one that rules with others begin with, or that becomes none or several.</summary>
    public const byte NotAscii = 0xFF;

    /// <summary>What each ASCII character becomes that another one or the end follows, or <see cref="NotAscii"/>.</summary>
    public ReadOnlySpan<byte> BeforeAscii => _beforeAscii;

    /// <summary>Replaces the longest prefix of <paramref name="text"/> that has a rule, or keeps its first character.</summary>
    /// <param name="text">UTF-8, not empty.</param>
    /// <param name="replacement">What stands for the prefix; empty where the rule deletes it.</param>
    /// <returns>How many bytes of <paramref name="text"/> were replaced.</returns>
    public int ReplacePrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int length = Find(text, out int offset);
        if (length == 0)
        {
            length = Math.Min(Utf8.CharacterLength(text[0]), text.Length);
            replacement = text[..length];
            return length;
        }

        replacement = _replacements.AsSpan(offset);
        replacement = replacement[..replacement.IndexOf((byte)0)];
        return length;
    }

    // Every rule leads to a replacement, and every replacement has its end: who follows them asks no more.
    private void RequireSound(int length)
    {
        int lastEnd = _replacements.AsSpan().LastIndexOf((byte)0);
        for (int place = 0; place < _units.Length; place++)
        {
            // A unit with the highest bit is a leaf, which no byte leads to.
            if (_units[place] > int.MaxValue || !HasLeaf(_units[place])) continue;
            uint leaf = (uint)place ^ Child(_units[place]);
            if (leaf >= _units.Length || (_units[leaf] & 0x7FFFFFFF) > lastEnd) throw new InvalidDataException($"its normalization rules ({length} bytes) are damaged.");
        }
    }

    private byte FindBeforeAscii(byte first)
    {
        Span<byte> pair = [first, 0];
        ReplacePrefix(pair[..1], out ReadOnlySpan<byte> replacement);
        for (byte second = 0; second < 128; second++)
        {
            pair[1] = second;
            if (Find(pair, out _) > 1) return NotAscii;
        }

        return replacement.Length == 1 ? replacement[0] : NotAscii;
    }

    private int Find(ReadOnlySpan<byte> text, out int offset)
    {
        int longest = 0;
        offset = 0;
        if (_units.Length == 0) return 0;
        uint position = Child(_units[0]);
        for (int i = 0; i < text.Length; i++)
        {
            position ^= text[i];
            if (position >= (uint)_units.Length || text[i] == 0) break;
            uint unit = _units[position];
            if (Label(unit) != text[i]) break;
            position ^= Child(unit);
            if (!HasLeaf(unit)) continue;
            longest = i + 1;
            offset = (int)(_units[position] & 0x7FFFFFFF);
        }

        return longest;
    }

    private static bool HasLeaf(uint unit) => (unit >> 8 & 1) != 0;

    private static uint Label(uint unit) => unit & 0x800000FF;

    private static uint Child(uint unit) => unit >> 10 << (int)((unit & 1 << 9) >> 6);
}
