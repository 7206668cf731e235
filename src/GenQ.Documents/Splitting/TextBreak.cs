namespace GenQ.Documents;

/// <summary>A place where a text can be cut, the best first.</summary>
internal enum TextBreak
{
    Paragraph,
    Sentence,
    Line,
    Word,
}
