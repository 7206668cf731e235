using GenQ.Data;

namespace GenQ.Text;

/// <summary>How a text becomes the ids that a sentence encoder reads.</summary>
internal static class PromptedText
{
    /// <summary>Puts the prompt in front, strips, lower-cases where the model does, and encodes: in the order of sentence-transformers.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="prompt">What is put in front; may be empty.</param>
    /// <param name="text">Any text, also an empty one.</param>
    /// <param name="lowerCase">Whether the model lower-cases before its tokenizer does anything.</param>
    /// <param name="maxLength">The most ids returned.</param>
    public static int[] Encode(ITokenizer tokenizer, string prompt, string text, bool lowerCase, int maxLength)
    {
        text = (prompt + text).Trim();
        return tokenizer.Encode(lowerCase ? text.ToLowerInvariant() : text, maxLength);
    }

    /// <summary>Refuses a model that reads no more of a text than the tokens around it.</summary>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="maxLength">The most ids that it reads of a text.</param>
    /// <param name="folder">The model's folder, for the message.</param>
    /// <exception cref="GenQException">It reads none.</exception>
    public static void RequireRoom(ITokenizer tokenizer, int maxLength, string folder)
    {
        if (maxLength > tokenizer.SpecialTokenCount) return;
        throw new GenQException(
            $"'{folder}' reads {maxLength} tokens of a text, expected more than the {tokenizer.SpecialTokenCount} special ones that stand around it: "
            + "mend max_seq_length or max_position_embeddings, or get the files anew.")
        {
            Where = folder,
            Expected = $"more than {tokenizer.SpecialTokenCount} tokens",
            Got = $"{maxLength}",
        };
    }
}
