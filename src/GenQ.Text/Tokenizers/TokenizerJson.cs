using System.Text.Encodings.Web;
using System.Text.Json;
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

        /// <summary>What is looked for (Replace), where it is a regular expression.</summary>
        public string? Regex { get; init; }

        public static NormalizerJson From(JsonElement json) => new()
        {
            Type = json.Text("type") ?? "",
            Normalizers = json.List("normalizers", From),
            CleanText = json.Flag("clean_text") ?? true,
            HandleChineseChars = json.Flag("handle_chinese_chars") ?? true,
            StripAccents = json.Flag("strip_accents"),
            Lowercase = json.Flag("lowercase") ?? true,
            PrecompiledCharsmap = json.Text("precompiled_charsmap") is { } map ? Convert.FromBase64String(map) : null,
            Regex = json.Field("pattern")?.Text("Regex"),
        };

        /// <summary>Whether it only removes spaces at the ends or joins runs of them.</summary>
        public bool IsWhiteSpaceCleaning =>
            Type == "Strip" || (Type == "Replace" && Regex == " {2,}");
    }

    /// <summary>The fields of all supported kinds: a sequence, BertPreTokenizer, WhitespaceSplit, Metaspace.</summary>
    internal sealed record PreTokenizerJson
    {
        public string Type { get; init; } = "";

        public IReadOnlyList<PreTokenizerJson> Pretokenizers { get; init; } = [];

        public bool? AddPrefixSpace { get; init; }

        public string? PrependScheme { get; init; }

        public static PreTokenizerJson From(JsonElement json) => new()
        {
            Type = json.Text("type") ?? "",
            Pretokenizers = json.List("pretokenizers", From),
            AddPrefixSpace = json.Flag("add_prefix_space"),
            PrependScheme = json.Text("prepend_scheme"),
        };

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
        public IReadOnlyDictionary<string, IReadOnlyList<int>> SpecialTokens { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

        /// <summary>The token in front and its id, as an array of the two (BertProcessing, RobertaProcessing).</summary>
        public JsonElement Cls { get; init; }

        /// <summary>The token at the end and its id, as an array of the two (BertProcessing, RobertaProcessing).</summary>
        public JsonElement Sep { get; init; }

        public static PostProcessorJson From(JsonElement json) => new()
        {
            Type = json.Text("type") ?? "",
            Single = json.List("single", part => new TemplatePartJson(part.Field("SpecialToken")?.Text("id"))),
            SpecialTokens = json.Entries("special_tokens", token => (IReadOnlyList<int>)token.List("ids", id => id.GetInt32())),
            Cls = json.Field("cls")?.Clone() ?? default,
            Sep = json.Field("sep")?.Clone() ?? default,
        };
    }

    /// <summary>A special token, or else the place of the text.</summary>
    /// <param name="SpecialToken">The token's text.</param>
    internal sealed record TemplatePartJson(string? SpecialToken);

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

        public static ModelJson From(JsonElement json) => new()
        {
            Type = json.Text("type"),
            UnkId = json.WholeNumber("unk_id"),
            ByteFallback = json.Flag("byte_fallback") ?? false,
            UnkToken = json.Text("unk_token"),
            ContinuingSubwordPrefix = json.Text("continuing_subword_prefix") ?? "##",
            MaxInputCharsPerWord = json.WholeNumber("max_input_chars_per_word") ?? 100,
            Vocab = json.Field("vocab")?.Clone() ?? default,
        };
    }

    /// <summary>How parts of the file are written: Hugging Face's names are snake case.</summary>
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
            using JsonDocument document = StrictJson.Parse(InputFile.ReadBytes(path, InputLimits.TokenizerBytes), path, allowsTwice: true);
            JsonElement json = document.RootElement;
            return new TokenizerJson
            {
                AddedTokens = json.List("added_tokens", AddedToken.From),
                Normalizer = json.Field("normalizer") is { } normalizer ? NormalizerJson.From(normalizer) : null,
                PreTokenizer = json.Field("pre_tokenizer") is { } preTokenizer ? PreTokenizerJson.From(preTokenizer) : null,
                PostProcessor = json.Field("post_processor") is { } postProcessor ? PostProcessorJson.From(postProcessor) : null,
                Model = json.Field("model") is { } model ? ModelJson.From(model) : null,
            };
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
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
                string?[] parts = [.. PostProcessor.Single.Select(part => part.SpecialToken)];
                int text = Array.IndexOf(parts, null);
                if (text < 0) throw new InvalidDataException("its post_processor has no place for the text.");
                return ([.. parts[..text].SelectMany(TemplateIds)], [.. parts[(text + 1)..].SelectMany(TemplateIds)]);
            default:
                throw new InvalidDataException(
                    $"its post_processor is {PostProcessor.Type}; supported are TemplateProcessing, BertProcessing and RobertaProcessing.");
        }
    }

    private static int PairId(JsonElement pair) =>
        pair is { ValueKind: JsonValueKind.Array } && pair.GetArrayLength() == 2 && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out int id)
            ? id
            : throw new InvalidDataException("its post_processor names no ids.");

    private IReadOnlyList<int> TemplateIds(string? token) =>
        token is not null && PostProcessor!.SpecialTokens.TryGetValue(token, out IReadOnlyList<int>? ids)
            ? ids
            : throw new InvalidDataException($"its post_processor uses '{token ?? "a second text"}' without giving its ids.");
}
