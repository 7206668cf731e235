namespace GenQ.Data;

/// <summary>
/// The most that is read of a stranger's file. What is larger is refused in words, so that one file costs neither all memory nor a whole day. Each
/// limit is some ten times what real files have; PDFs have limits of their own, those of the process that reads them.
/// </summary>
internal static class InputLimits
{
    /// <summary>Characters of a line of text, of JSON Lines and of pairs: three books.</summary>
    public const int LineCharacters = 1 << 24;

    /// <summary>Characters of a document, its markup counted: thirty books.</summary>
    public const int DocumentCharacters = 1 << 25;

    /// <summary>Bytes that such a document may have in any encoding.</summary>
    public const int DocumentBytes = 3 * DocumentCharacters;

    /// <summary>Blanks in a row that code and tables keep.</summary>
    public const int Blanks = 1000;

    /// <summary>How many times its packed size a file may unfold to, once it is larger than <see cref="UnpackedBytes"/>. Texts pack to a fifth, logs to a thirtieth.</summary>
    public const int UnpackedRatio = 100;

    /// <summary>Bytes that any packed file may unfold to.</summary>
    public const long UnpackedBytes = 64 << 20;

    /// <summary>Bytes of a small JSON file of a model, such as its config.json.</summary>
    public const int ConfigBytes = 16 << 20;

    /// <summary>Bytes of a tokenizer's file: the largest that are known have a tenth.</summary>
    public const int TokenizerBytes = 256 << 20;

    /// <summary>Bytes of an entry of a vocabulary, in UTF-8: trained ones have some fifty.</summary>
    public const int PieceBytes = 2048;

    /// <summary>Ids that a tokenizer may have: the largest that are known have a fortieth.</summary>
    public const int VocabularyIds = 10_000_000;

    /// <summary>Tokens that a tokenizer finds in a text as they stand.</summary>
    public const int AddedTokens = 20_000;

    /// <summary>Bytes of the pickle program of a weight file: that of a thousand tensors has a fiftieth.</summary>
    public const int PickleBytes = 8 << 20;

    /// <summary>Objects that such a program holds ready at once.</summary>
    public const int PickleObjects = 1_000_000;

    /// <summary>Tags of a page.</summary>
    public const int Tags = 1_000_000;

    /// <summary>Elements of a page that are open at once. Browsers stop at 512.</summary>
    public const int OpenElements = 12_000;

    /// <summary>Open elements that all tags of a page see together: a parser looks at each.</summary>
    public const long OpenElementsSeen = 150_000_000;

    /// <summary>Links of Markdown between two empty lines: a table of five thousand rows may have them.</summary>
    public const int LinksOfBlock = 20_000;

    /// <summary>Blanks before an item of a list of Markdown.</summary>
    public const int ListIndentation = 800;

    /// <summary>Characters of a name or a value from a file that a message quotes.</summary>
    public const int QuotedCharacters = 200;

    /// <summary>Characters of a message.</summary>
    public const int MessageCharacters = 4000;
}
