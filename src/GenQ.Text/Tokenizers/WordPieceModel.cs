using System.Text.Encodings.Web;
using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>What the files of a BERT or MPNet tokenizer say, whichever of them said it.</summary>
internal sealed record WordPieceModel
{
    /// <summary>The pieces and their ids; added tokens may stand beside them with ids of their own.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>The tokens that are found in a text as they stand.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>The token in front of every text: [CLS] or &lt;s&gt;.</summary>
    public required string ClassificationToken { get; init; }

    /// <summary>The token behind every text: [SEP] or &lt;/s&gt;.</summary>
    public required string SeparatorToken { get; init; }

    /// <summary>The token that fills short rows: [PAD] or &lt;pad&gt;.</summary>
    public required string PaddingToken { get; init; }

    /// <summary>The token for words that the vocabulary cannot spell.</summary>
    public required string UnknownToken { get; init; }

    /// <summary>The beginning of pieces that continue a word. The default is that of BERT.</summary>
    public string ContinuingPrefix { get; init; } = "##";

    /// <summary>Longer words (in characters, not UTF-16 units) are unknown. The default is that of BERT.</summary>
    public int MaxWordLength { get; init; } = 100;

    /// <summary>What is done to the text before.</summary>
    public BertNormalizer Normalizer { get; init; } = new();

    /// <summary>The id of a piece or added token.</summary>
    /// <exception cref="InvalidDataException">There is no such token.</exception>
    public int IdOf(string token)
    {
        if (Vocabulary.TryGetValue(token, out int id)) return id;
        AddedToken? added = AddedTokens.FirstOrDefault(added => added.Content == token);
        return added?.Id ?? throw new InvalidDataException($"its vocabulary lacks the token '{token}'.");
    }

    /// <summary>Reads a Hugging Face <c>tokenizer.json</c> of type WordPiece, and what <c>tokenizer_config.json</c> says beside it.</summary>
    /// <exception cref="InvalidDataException">It works in another way than BERT's and MPNet's tokenizers, or is damaged.</exception>
    public static WordPieceModel From(TokenizerJson json, TokenizerConfig? config)
    {
        TokenizerJson.ModelJson model = json.Model!;
        if (model.Vocab.ValueKind != JsonValueKind.Object) throw new InvalidDataException("its vocab is no list of pieces with ids.");
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        foreach (JsonProperty piece in model.Vocab.EnumerateObject())
        {
            bool isId = piece.Value.ValueKind == JsonValueKind.Number;
            vocabulary[piece.Name] = isId && piece.Value.TryGetInt32(out int id) && id is >= 0 and < InputLimits.VocabularyIds
                ? id
                : throw new InvalidDataException($"its vocab has '{piece}' where a piece with its id was expected.");
        }

        foreach (TokenizerJson.PreTokenizerJson preTokenizer in TokenizerJson.Flatten(json.PreTokenizer))
        {
            if (preTokenizer.Type != "BertPreTokenizer")
            {
                throw new InvalidDataException($"its pre_tokenizer {preTokenizer.Type} is not supported; supported is BertPreTokenizer.");
            }
        }

        if (json.ReadFrame() is not ([var classification], [var separator]))
        {
            throw new InvalidDataException(
                "its post_processor is not one token in front of a text and one behind it, as in BERT and MPNet.");
        }

        string TokenOf(int id) =>
            json.AddedTokens.FirstOrDefault(token => token.Id == id)?.Content
            ?? vocabulary.FirstOrDefault(piece => piece.Value == id).Key
            ?? throw new InvalidDataException($"its post_processor uses the id {id}, which no token has.");

        WordPieceModel read = new()
        {
            Vocabulary = vocabulary,
            AddedTokens = json.AddedTokens,
            ClassificationToken = TokenOf(classification),
            SeparatorToken = TokenOf(separator),
            PaddingToken = config?.Padding ?? (vocabulary.ContainsKey("<pad>") ? "<pad>" : "[PAD]"),
            UnknownToken = model.UnkToken ?? "[UNK]",
            ContinuingPrefix = model.ContinuingSubwordPrefix,
            MaxWordLength = model.MaxInputCharsPerWord,
            Normalizer = ReadNormalizer(json),
        };

        // Where the two files differ, BertTokenizerFast goes by its config; MPNetTokenizerFast looks for these settings elsewhere, so tokenizer.json stands.
        return read.IsMpnet || config is null ? read : read with
        {
            Normalizer = read.Normalizer with
            {
                HandleChineseCharacters = config.TokenizeChineseChars ?? read.Normalizer.HandleChineseCharacters,
                StripAccents = config.StripAccents ?? read.Normalizer.StripAccents,
                Lowercase = config.DoLowerCase ?? read.Normalizer.Lowercase,
            },
        };
    }

    /// <summary>
    /// Reads a <c>vocab.txt</c>, one piece a line in order of their ids. What it cannot say comes from
    /// <c>tokenizer_config.json</c>, and else from the family that the vocabulary shows.
    /// </summary>
    /// <exception cref="InvalidDataException">The vocabulary is neither BERT's nor MPNet's, or lacks a token of the config.</exception>
    public static WordPieceModel From(IEnumerable<string> lines, TokenizerConfig? config)
    {
        Dictionary<string, int> vocabulary = new(StringComparer.Ordinal);
        foreach ((int id, string piece) in lines.Index()) vocabulary[piece] = id;

        // MPNet's vocabulary is BERT's with its own tokens in front: it holds [CLS] too.
        bool mpnet = vocabulary.ContainsKey("<s>") && vocabulary.ContainsKey("</s>");
        WordPieceModel model = new()
        {
            Vocabulary = vocabulary,
            AddedTokens = [],
            ClassificationToken = config?.Classification ?? (mpnet ? "<s>" : "[CLS]"),
            SeparatorToken = config?.Separator ?? (mpnet ? "</s>" : "[SEP]"),
            PaddingToken = config?.Padding ?? (mpnet ? "<pad>" : "[PAD]"),
            UnknownToken = config?.Unknown ?? "[UNK]",
            Normalizer = new BertNormalizer
            {
                HandleChineseCharacters = config?.TokenizeChineseChars ?? true,
                StripAccents = config?.StripAccents,
                Lowercase = config?.DoLowerCase ?? true,
            },
        };
        string[] special =
        [
            model.ClassificationToken, model.SeparatorToken, model.PaddingToken, model.UnknownToken,
            config?.Mask ?? (mpnet ? "<mask>" : "[MASK]"), .. mpnet ? ["<unk>"] : Array.Empty<string>(),
        ];
        Dictionary<int, AddedToken> added = special
            .Where(vocabulary.ContainsKey)
            .Distinct()
            .Select(token => new AddedToken { Id = vocabulary[token], Content = token, Special = true, Lstrip = token == "<mask>" })
            .ToDictionary(token => token.Id);
        foreach (AddedToken token in config?.AddedTokens ?? []) added[token.Id] = token;
        return model with { AddedTokens = [.. added.Values.OrderBy(token => token.Id)] };
    }

    /// <summary>Writes a <c>tokenizer.json</c> that says all this; truncation and padding are the model's business.</summary>
    public void WriteJson(Stream stream)
    {
        using Utf8JsonWriter json = new(stream, WriterOptions);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        json.WritePropertyName("added_tokens");
        JsonSerializer.Serialize(json, AddedTokens.OrderBy(token => token.Id), TokenizerJson.Options);
        WriteNormalizer(json);
        WriteType(json, "pre_tokenizer", "BertPreTokenizer");
        json.WriteEndObject();
        WritePostProcessor(json);
        WriteType(json, "decoder", "WordPiece");
        json.WriteString("prefix", ContinuingPrefix);
        json.WriteBoolean("cleanup", true);
        json.WriteEndObject();
        WriteType(json, "model", "WordPiece");
        json.WriteString("unk_token", UnknownToken);
        json.WriteString("continuing_subword_prefix", ContinuingPrefix);
        json.WriteNumber("max_input_chars_per_word", MaxWordLength);
        json.WriteStartObject("vocab");
        foreach ((string piece, int id) in Vocabulary.OrderBy(piece => piece.Value)) json.WriteNumber(piece, id);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the <c>tokenizer_config.json</c> that Hugging Face's libraries want beside it.</summary>
    public void WriteConfig(Stream stream)
    {
        using Utf8JsonWriter json = new(stream, WriterOptions);
        json.WriteStartObject();
        json.WriteString("tokenizer_class", IsMpnet ? "MPNetTokenizer" : "BertTokenizer");
        json.WriteBoolean("do_lower_case", Normalizer.Lowercase);
        WriteFlag(json, "strip_accents", Normalizer.StripAccents);
        json.WriteBoolean("tokenize_chinese_chars", Normalizer.HandleChineseCharacters);
        json.WriteString("cls_token", ClassificationToken);
        json.WriteString("sep_token", SeparatorToken);
        json.WriteString("pad_token", PaddingToken);
        json.WriteString("unk_token", UnknownToken);
        string mask = IsMpnet ? "<mask>" : "[MASK]";
        if (AddedTokens.Any(token => token.Content == mask)) json.WriteString("mask_token", mask);
        json.WriteEndObject();
    }

    private static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Indented = true,
        NewLine = "\n",
    };

    private bool IsMpnet => SeparatorToken == "</s>";

    private static void WriteType(Utf8JsonWriter json, string name, string type)
    {
        json.WriteStartObject(name);
        json.WriteString("type", type);
    }

    private static void WriteFlag(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known) json.WriteBoolean(name, known);
        else json.WriteNull(name);
    }

    private void WriteNormalizer(Utf8JsonWriter json)
    {
        WriteType(json, "normalizer", "BertNormalizer");
        json.WriteBoolean("clean_text", Normalizer.CleanText);
        json.WriteBoolean("handle_chinese_chars", Normalizer.HandleChineseCharacters);
        WriteFlag(json, "strip_accents", Normalizer.StripAccents);
        json.WriteBoolean("lowercase", Normalizer.Lowercase);
        json.WriteEndObject();
    }

    // The two kinds frame one text alike; they differ in what they put between two.
    private void WritePostProcessor(Utf8JsonWriter json)
    {
        WriteType(json, "post_processor", IsMpnet ? "RobertaProcessing" : "BertProcessing");
        foreach ((string name, string token) in new[] { ("sep", SeparatorToken), ("cls", ClassificationToken) })
        {
            json.WriteStartArray(name);
            json.WriteStringValue(token);
            json.WriteNumberValue(IdOf(token));
            json.WriteEndArray();
        }

        if (IsMpnet)
        {
            json.WriteBoolean("trim_offsets", true);
            json.WriteBoolean("add_prefix_space", false);
        }

        json.WriteEndObject();
    }

    private static BertNormalizer ReadNormalizer(TokenizerJson json) => TokenizerJson.Flatten(json.Normalizer).ToArray() switch
    {
        [] => new BertNormalizer { CleanText = false, HandleChineseCharacters = false, StripAccents = false, Lowercase = false },
        [{ Type: "BertNormalizer" } normalizer] => new BertNormalizer
        {
            CleanText = normalizer.CleanText,
            HandleChineseCharacters = normalizer.HandleChineseChars,
            StripAccents = normalizer.StripAccents,
            Lowercase = normalizer.Lowercase,
        },
        var steps => throw new InvalidDataException(
            $"its normalizer {string.Join(" + ", steps.Select(step => step.Type))} is not supported; supported is BertNormalizer."),
    };
}
