namespace GenQ.Text;

/// <summary>What a piece of a SentencePiece vocabulary is for; the numbers are those of the model file.</summary>
internal enum SentencePieceType
{
    /// <summary>A learned piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for text that no piece spells.</summary>
    Unknown = 2,

    /// <summary>Has a meaning and no text, such as the end or the padding.</summary>
    Control = 3,

    /// <summary>Text that always becomes this one piece.</summary>
    UserDefined = 4,

    /// <summary>Switched off: never chosen.</summary>
    Unused = 5,

    /// <summary>One byte of a character that no piece spells (byte fallback), written <c>&lt;0x41&gt;</c>.</summary>
    Byte = 6,
}
