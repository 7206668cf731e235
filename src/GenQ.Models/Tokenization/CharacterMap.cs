using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GenQ.Models;

/// <summary>
/// SentencePiece's compiled normalization rules (<c>precompiled_charsmap</c>): a darts-clone double array from byte
/// sequences to offsets into a block of zero-terminated replacements. T5's rules are NFKC with a few more for white space.
/// </summary>
/// <remarks>Layout: SentencePiece, <c>normalizer.cc</c> (DecodePrecompiledCharsMap) and <c>darts.h</c> (DoubleArrayUnit).</remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units = [];
    private readonly byte[] _replacements = [];

    // ASCII characters without a rule of their own or together with a second ASCII character: most of most texts.
    private readonly bool[] _unchangedBeforeAscii = new bool[128];

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
        }

        Span<byte> pair = stackalloc byte[2];
        for (int first = 0; first < 128; first++)
        {
            bool unchanged = true;
            for (int second = 0; second < 128 && unchanged; second++)
            {
                (pair[0], pair[1]) = ((byte)first, (byte)second);
                unchanged = Find(pair, out _) == 0;
            }

            _unchangedBeforeAscii[first] = unchanged;
        }
    }

    /// <summary>Replaces the longest prefix of <paramref name="text"/> that has a rule, or keeps its first character.</summary>
    /// <param name="text">UTF-8, not empty.</param>
    /// <param name="replacement">What stands for the prefix; empty where the rule deletes it.</param>
    /// <returns>How many bytes of <paramref name="text"/> were replaced.</returns>
    public int ReplacePrefix(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> replacement)
    {
        int length = 0;
        int offset = 0;
        bool unchanged = text[0] < 128 && (text.Length == 1 || text[1] < 128) && _unchangedBeforeAscii[text[0]];
        if (!unchanged) length = Find(text, out offset);
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
