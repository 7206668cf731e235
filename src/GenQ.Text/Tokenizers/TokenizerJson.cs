using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>Hugging Face's <c>tokenizer.json</c>, as far as WordPiece and unigram tokenizers need it. Truncation is not read.</summary>
internal sealed record TokenizerJson
{
    public const string FileName = "tokenizer.json";

    /// <summary>Tokens found in a text as they stand.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public NormalizerJson? Normalizer { get; init; }

    public PreTokenizerJson? PreTokenizer { get; init; }

    public PostProcessorJson? PostProcessor { get; init; }

    public ModelJson? Model { get; init; }

    /// <summary>The fields of all supported kinds: a sequence, BertNormalizer, Precompiled.</summary>
    internal sealed record NormalizerJson
    {
        public string Type { get; init; } = "";

        public IReadOnlyList<NormalizerJson> Normalizers { get; init; } = [];

        public bool CleanText { get; init; } = true;

        public bool HandleChineseChars { get; init; } = true;

        public bool? StripAccents { get; init; }

        public bool Lowercase { get; init; } = true;

        public byte[]? PrecompiledCharsmap { get; init; }

        /// <summary>What is looked for, as { "Regex": … } or { "String": … } (Replace).</summary>
        public IReadOnlyDictionary<string, string>? Pattern { get; init; }

        /// <summary>Whether it only removes spaces at the ends or joins runs of them.</summary>
        public bool IsWhiteSpaceCleaning =>
            Type == "Strip" || (Type == "Replace" && Pattern?.GetValueOrDefault("Regex") == " {2,}");
    }

    /// <summary>The fields of all supported kinds: a sequence, BertPreTokenizer, WhitespaceSplit, Metaspace.</summary>
    internal sealed record PreTokenizerJson
    {
        public string Type { get; init; } = "";

        public IReadOnlyList<PreTokenizerJson> Pretokenizers { get; init; } = [];

        public bool? AddPrefixSpace { get; init; }

        public string? PrependScheme { get; init; }

        /// <summary>Whether a space goes in front of a text (Metaspace): younger files name a scheme, older ones set the flag.</summary>
        public bool AddsPrefix => PrependScheme is { } scheme ? scheme != "never" : AddPrefixSpace ?? true;
    }

    /// <summary>The fields of all supported kinds: TemplateProcessing, BertProcessing, RobertaProcessing.</summary>
    internal sealed record PostProcessorJson
    {
        public string Type { get; init; } = "";

        /// <summary>The frame of a single text, in order (TemplateProcessing).</summary>
        public IReadOnlyList<TemplatePartJson> Single { get; init; } = [];

        /// <summary>The ids of the frame's tokens (TemplateProcessing).</summary>
        public IReadOnlyDictionary<string, TemplateTokenJson> SpecialTokens { get; init; } = new Dictionary<string, TemplateTokenJson>();

        /// <summary>The token in front and its id, as an array of the two (BertProcessing, RobertaProcessing).</summary>
        public JsonElement Cls { get; init; }

        /// <summary>The token at the end and its id, as an array of the two (BertProcessing, RobertaProcessing).</summary>
        public JsonElement Sep { get; init; }
    }

    /// <summary>A special token, or else the place of the text.</summary>
    internal sealed record TemplatePartJson
    {
        [JsonPropertyName("SpecialToken")]
        public TemplateNameJson? SpecialToken { get; init; }
    }

    internal sealed record TemplateNameJson
    {
        public string Id { get; init; } = "";
    }

    internal sealed record TemplateTokenJson
    {
        public IReadOnlyList<int> Ids { get; init; } = [];
    }

    /// <summary>The fields of all supported kinds: Unigram, WordPiece.</summary>
    internal sealed record ModelJson
    {
        public string? Type { get; init; }

        public int? UnkId { get; init; }

        public bool ByteFallback { get; init; }

        public string? UnkToken { get; init; }

        public string ContinuingSubwordPrefix { get; init; } = "##";

        public int MaxInputCharsPerWord { get; init; } = 100;

        /// <summary>Unigram: an array of [piece, score]. WordPiece: an object of piece: id.</summary>
        public JsonElement Vocab { get; init; }
    }

    /// <summary>Hugging Face's names are snake case.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Reads the file of a folder.</summary>
    /// <exception cref="GenQException">The file is not JSON of this form.</exception>
    public static TokenizerJson Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            using FileStream stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<TokenizerJson>(stream, Options) ?? throw new JsonException("it is null.");
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{path}' is not a Hugging Face tokenizer: {e.Message} Copy it again from the model.", e);
        }
    }

    /// <summary>The steps of a normalizer, sequences opened.</summary>
    public static IEnumerable<NormalizerJson> Flatten(NormalizerJson? normalizer) => normalizer switch
    {
        null => [],
        { Type: "Sequence" } => normalizer.Normalizers.SelectMany(Flatten),
        _ => [normalizer],
    };

    /// <summary>The steps of a pre-tokenizer, sequences opened.</summary>
    public static IEnumerable<PreTokenizerJson> Flatten(PreTokenizerJson? preTokenizer) => preTokenizer switch
    {
        null => [],
        { Type: "Sequence" } => preTokenizer.Pretokenizers.SelectMany(Flatten),
        _ => [preTokenizer],
    };

    /// <summary>The ids in front of and behind every text.</summary>
    /// <exception cref="InvalidDataException">The post-processor is of a kind that is not supported, or is damaged.</exception>
    public (int[] Prefix, int[] Suffix) ReadFrame()
    {
        switch (PostProcessor)
        {
            case null:
                return ([], []);
            case { Type: "BertProcessing" or "RobertaProcessing" }:
                return ([PairId(PostProcessor.Cls)], [PairId(PostProcessor.Sep)]);
            case { Type: "TemplateProcessing" }:
                string?[] parts = [.. PostProcessor.Single.Select(part => part.SpecialToken?.Id)];
                int text = Array.IndexOf(parts, null);
                if (text < 0) throw new InvalidDataException("its post_processor has no place for the text.");
                return ([.. parts[..text].SelectMany(TemplateIds)], [.. parts[(text + 1)..].SelectMany(TemplateIds)]);
            default:
                throw new InvalidDataException(
                    $"its post_processor is {PostProcessor.Type}; supported are TemplateProcessing, BertProcessing and RobertaProcessing.");
        }
    }

    private static int PairId(JsonElement pair) =>
        pair is { ValueKind: JsonValueKind.Array } && pair.GetArrayLength() == 2 && pair[1].TryGetInt32(out int id)
            ? id
            : throw new InvalidDataException("its post_processor names no ids.");

    private IReadOnlyList<int> TemplateIds(string? token) =>
        token is not null && PostProcessor!.SpecialTokens.TryGetValue(token, out TemplateTokenJson? entry)
            ? entry.Ids
            : throw new InvalidDataException($"its post_processor uses '{token ?? "a second text"}' without giving its ids.");
}
