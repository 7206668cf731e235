using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>How long texts are for a sentence encoder: its prompt, its tokenizer and its limit, without its network.</summary>
public sealed class EncoderTokenizer
{
    // Families whose table of positions begins behind the id of the padding.
    private static readonly HashSet<string> PositionsBehindPadding = ["mpnet", "roberta", "xlm-roberta", "camembert"];

    private readonly SentenceTransformersFolder _settings;
    private readonly ITokenizer _tokenizer;

    private EncoderTokenizer(SentenceTransformersFolder settings, ITokenizer tokenizer)
    {
        (_settings, _tokenizer) = (settings, tokenizer);
        int positions = Number("max_position_embeddings") ?? int.MaxValue;
        string? family = settings.Config["model_type"]?.ToString();
        if (family is not null && PositionsBehindPadding.Contains(family)) positions -= (Number("pad_token_id") ?? 1) + 1;
        MaxSequenceLength = Math.Min(settings.MaxSequenceLength ?? positions, positions);
        PromptedText.RequireRoom(tokenizer, MaxSequenceLength, settings.TransformerFolder);

        int? Number(string name) => settings.Config[name] is JsonValue value && value.TryGetValue(out int number) ? number : null;
    }

    /// <summary>The most tokens of a text that the encoder reads, special ones counted.</summary>
    public int MaxSequenceLength { get; }

    /// <summary>Reads a model's folder.</summary>
    /// <param name="nameOrFolder">A folder, or a model's name on the Hugging Face hub.</param>
    /// <exception cref="GenQException">A file is missing or broken, or of a kind that is not built.</exception>
    public static EncoderTokenizer Load(string nameOrFolder)
    {
        SentenceTransformersFolder settings = SentenceTransformersFolder.Read(ModelFolder.Resolve(nameOrFolder));
        return new EncoderTokenizer(settings, Tokenizer.Load(settings.TransformerFolder));
    }

    /// <summary>Counts the tokens of a passage, the prompt and the special ones included, before any is cut off.</summary>
    public int CountTokens(string passage)
        => PromptedText.Encode(_tokenizer, _settings.PassagePrompt, passage, _settings.LowerCase, int.MaxValue).Length;
}
