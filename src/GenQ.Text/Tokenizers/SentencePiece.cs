using System.Globalization;

namespace GenQ.Text;

/// <summary>One entry of a SentencePiece vocabulary.</summary>
/// <param name="Text">The piece; U+2581 stands for a space.</param>
/// <param name="Score">Its log-probability (normal pieces only).</param>
/// <param name="Type">What it is for.</param>
internal readonly record struct SentencePiece(string Text, float Score, SentencePieceType Type)
{
    /// <summary>The byte that a piece such as <c>&lt;0x41&gt;</c> stands for; null for pieces of other types.</summary>
    public byte? Byte =>
        Type == SentencePieceType.Byte && IsByte(Text)
            ? byte.Parse(Text.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;

    /// <summary>Whether <paramref name="text"/> is spelled like the piece of a byte.</summary>
    public static bool IsByte(string text) =>
        text is ['<', '0', 'x', var high, var low, '>'] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low);
}
