namespace GenQ.Text;

/// <summary>Turns text into the ids a network reads, and back. Implementations are stateless after loading: thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>The number of ids, added tokens included.</summary>
    int VocabularySize { get; }

    /// <summary>The id that fills short rows of a batch.</summary>
    int PadId { get; }

    /// <summary>The id that stands for text the vocabulary cannot spell.</summary>
    int UnknownId { get; }

    /// <summary>How many special ids <see cref="Encode"/> adds to every text (1 for T5's end, 2 for MPNet's and BERT's frame).</summary>
    int SpecialTokenCount { get; }

    /// <summary>Encodes a text with the model's own special ids around it.</summary>
    /// <param name="text">Any text, also an empty one.</param>
    /// <param name="maxLength">The most ids returned; the text is cut, the special ids stay.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxLength"/> leaves no room for the special ids.</exception>
    int[] Encode(string text, int maxLength = int.MaxValue);

    /// <summary>Joins the pieces of <paramref name="ids"/> to text. Special ids and ids outside the vocabulary are left out.</summary>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>Writes the files that <see cref="Tokenizer.Load"/> and Hugging Face's libraries load this tokenizer from.</summary>
    /// <exception cref="Data.GenQException">A file cannot be written.</exception>
    void Save(string folder);
}
