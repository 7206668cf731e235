using GenQ.Data;

namespace GenQ.Documents;

/// <summary>How long passages are made.</summary>
public sealed record PassageSplitterOptions
{
    /// <summary>
    /// Words a passage should have at least; shorter sections are joined with their neighbours where that makes sense. The
    /// default is 100: with less a query generator has little to ask about.
    /// </summary>
    public int MinWords { get; init => field = Check.AtLeast(value, 1); } = 100;

    /// <summary>
    /// Words a passage may have at most. The default is 180: in English about 250 tokens, which encoders read whole.
    /// </summary>
    public int MaxWords { get; init => field = Check.AtLeast(value, 1); } = 180;

    /// <summary>
    /// Counts the tokens of a text without the special tokens that a model adds; <see langword="null"/>, the default, leaves
    /// only the words to count.
    /// </summary>
    public Func<string, int>? CountTokens { get; init; }

    /// <summary>
    /// Tokens that title and text may have together at most, where <see cref="CountTokens"/> is given: the encoder's length
    /// less its special tokens. The default is 510: 512 positions less two.
    /// </summary>
    public int MaxTokens { get; init => field = Check.AtLeast(value, 16); } = 510;
}
