using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// What the JSON files of a sentence-transformers folder say, of versions 2 to 6, or of a plain checkpoint, which is read
/// with mean pooling. Weights and tokenizer are not its business.
/// </summary>
internal sealed record SentenceTransformersFolder
{
    private const string Modules = "modules.json";
    private const string Settings = "config_sentence_transformers.json";
    private const string TransformerSettings = "sentence_bert_config.json";
    private const string PoolingFolder = "1_Pooling";
    private const string NormalizeFolder = "2_Normalize";
    private const string BooleanPrefix = "pooling_mode_";

    // The names that encode_document of sentence-transformers looks for, in its order.
    private static readonly string[] PassagePromptNames = ["document", "passage", "corpus"];

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Where config.json, weights and tokenizer lie.</summary>
    public required string TransformerFolder { get; init; }

    /// <summary>The transformer's config.json.</summary>
    public required JsonObject Config { get; init; }

    /// <summary>How token vectors become one.</summary>
    public PoolingMode Pooling { get; init; } = PoolingMode.Mean;

    /// <summary>Whether vectors are scaled to length 1.</summary>
    public bool Normalize { get; init; }

    /// <summary>The most tokens read of a text, where a file says so.</summary>
    public int? MaxSequenceLength { get; init; }

    /// <summary>Whether a text is lower-cased before the tokenizer sees it.</summary>
    public bool LowerCase { get; init; }

    /// <summary>What is put in front of a text, by the kind of text.</summary>
    public IReadOnlyDictionary<string, string> Prompts { get; init; } = new Dictionary<string, string>();

    /// <summary>The prompt of texts of no kind, where there is one.</summary>
    public string? DefaultPromptName { get; init; }

    /// <summary>What is put in front of every query; empty for most models.</summary>
    public string QueryPrompt => Prompts.GetValueOrDefault("query", DefaultPrompt);

    /// <summary>What is put in front of every passage; empty for most models.</summary>
    public string PassagePrompt => PassagePromptNames.Select(Prompts.GetValueOrDefault).FirstOrDefault(p => p is not null) ?? DefaultPrompt;

    /// <summary>What is put in front of a text of no kind; empty for most models.</summary>
    public string DefaultPrompt => DefaultPromptName is { } name ? Prompts.GetValueOrDefault(name, "") : "";

    /// <summary>Reads a folder.</summary>
    /// <exception cref="GenQException">A file is missing or broken, or the model has a part that is not built.</exception>
    public static SentenceTransformersFolder Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new GenQException($"There is no folder '{folder}'; the folder of a model was expected.");
        (string Kind, string Path)[] modules = ReadModules(folder);
        string transformer = modules.First(m => m.Kind == "Transformer").Path;
        JsonObject config = StrictJson.ReadObject(Path.Combine(transformer, "config.json"))
            ?? throw new GenQException($"'{transformer}' has no config.json: is it the folder of a model?");
        JsonObject? bert = StrictJson.ReadObject(Path.Combine(transformer, TransformerSettings));
        JsonObject? settings = StrictJson.ReadObject(Path.Combine(folder, Settings));
        Dictionary<string, string> prompts = settings?["prompts"] is JsonObject texts
            ? texts.ToDictionary(p => p.Key, p => p.Value is null ? "" : Text(p.Value, folder))
            : [];
        return new SentenceTransformersFolder
        {
            TransformerFolder = transformer,
            Config = config,
            Pooling = modules.Any(m => m.Kind == "Pooling")
                ? ReadPooling(modules.First(m => m.Kind == "Pooling").Path, hasPrompts: prompts.Values.Any(prompt => prompt.Length > 0))
                : PoolingMode.Mean,
            Normalize = modules.Any(m => m.Kind == "Normalize"),
            MaxSequenceLength = Length(bert?["max_seq_length"])
                ?? Length(StrictJson.ReadObject(Path.Combine(transformer, "tokenizer_config.json"))?["model_max_length"]),
            LowerCase = bert?["do_lower_case"]?.GetValueKind() == JsonValueKind.True,
            Prompts = prompts,
            DefaultPromptName = settings?["default_prompt_name"] is { } name ? Text(name, folder) : null,
        };
    }

    /// <summary>Writes the layout of versions 2 to 5, the one that every reader accepts.</summary>
    /// <param name="folder">Created where missing.</param>
    /// <param name="maxSequenceLength">Tokens read of a text.</param>
    /// <param name="dimensions">Length of the vectors.</param>
    /// <param name="architecture">What transformers calls the bare network, for example <c>"BertModel"</c>.</param>
    public void Write(string folder, int maxSequenceLength, int dimensions, string architecture)
    {
        WriteJson(Path.Combine(folder, "config.json"), BareConfig(architecture));
        WriteJson(Path.Combine(folder, TransformerSettings), new JsonObject
        {
            ["max_seq_length"] = maxSequenceLength,
            ["do_lower_case"] = LowerCase,
        });
        WriteJson(Path.Combine(folder, PoolingFolder, "config.json"), new JsonObject
        {
            ["word_embedding_dimension"] = dimensions,
            [BooleanPrefix + "cls_token"] = Pooling == PoolingMode.Cls,
            [BooleanPrefix + "mean_tokens"] = Pooling == PoolingMode.Mean,
            [BooleanPrefix + "max_tokens"] = Pooling == PoolingMode.Max,
            [BooleanPrefix + "mean_sqrt_len_tokens"] = false,
        });
        WriteJson(Path.Combine(folder, Settings), new JsonObject
        {
            // Versions of the layout, not of this program: readers only warn when theirs are older.
            ["__version__"] = new JsonObject { ["sentence_transformers"] = "2.2.0", ["transformers"] = "4.20.0", ["pytorch"] = "1.12.0" },
            ["prompts"] = new JsonObject([.. WrittenPrompts().Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))]),
            ["default_prompt_name"] = DefaultPromptName,
            ["similarity_fn_name"] = "cosine",
        });
        JsonArray modules = [Module(0, "", "Transformer"), Module(1, PoolingFolder, "Pooling")];
        if (Normalize)
        {
            Directory.CreateDirectory(Path.Combine(folder, NormalizeFolder));
            modules.Add(Module(2, NormalizeFolder, "Normalize"));
        }

        WriteJson(Path.Combine(folder, Modules), modules);
    }

    // The kinds of the modules, in order, and their folders. A plain checkpoint is a transformer alone.
    private static (string Kind, string Path)[] ReadModules(string folder)
    {
        string file = Path.Combine(folder, Modules);
        if (!File.Exists(file)) return [("Transformer", folder)];
        using JsonDocument json = StrictJson.Parse(file);
        (string Kind, string Path)[] modules;
        try
        {
            if (json.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException($"it is {json.RootElement.ValueKind}.");
            modules = [.. json.RootElement.EnumerateArray().Select(module =>
                (Required(module, "type").Split('.')[^1], Path.Combine(folder, Inside(Required(module, "path")))))];
        }
        catch (JsonException e)
        {
            throw new GenQException(
                $"'{file}' should be a list of modules, each with a type and a path: {e.Message} Get the file anew.", e);
        }

        // A stranger's model reads its own files alone.
        static string Inside(string path) => Path.IsPathRooted(path) || path.Contains('\0', StringComparison.Ordinal) || path.Split('/', '\\').Contains("..")
            ? throw new JsonException($"'{path}' is no path inside the model's folder.")
            : path;

        // Dropout does nothing outside a training.
        modules = [.. modules.Where(m => m.Kind != "Dropout")];
        string[] kinds = [.. modules.Select(m => m.Kind)];
        string[] unknown = [.. kinds.Except(["Transformer", "Pooling", "Normalize"]).Take(3)];
        if (unknown.Length > 0)
        {
            throw new GenQException(
                $"'{file}' has the module '{string.Join("', '", unknown)}', which is not built; "
                + "modules that are: Transformer, Pooling, Normalize, and Dropout, which does nothing here.");
        }

        if (kinds is not (["Transformer"] or ["Transformer", "Pooling"] or ["Transformer", "Pooling", "Normalize"]))
        {
            throw new GenQException(
                $"'{file}' has the modules {string.Join(", ", kinds.Take(5))}; expected Transformer, then Pooling, then perhaps Normalize.");
        }

        return modules;
    }

    // Versions 2 to 5 write a boolean for each mode, version 6 the mode's name.
    private static PoolingMode ReadPooling(string folder, bool hasPrompts)
    {
        string file = Path.Combine(folder, "config.json");
        JsonObject config = StrictJson.ReadObject(file) ?? throw new GenQException($"'{file}' is missing: get the model anew.");
        string[] modes = config["pooling_mode"] is { } mode
            ? mode is JsonArray several ? [.. several.Take(2).Select(m => $"{m}")] : $"{mode}".Split('+')
            : [.. config
                .Where(p => p.Key.StartsWith(BooleanPrefix, StringComparison.Ordinal) && p.Value?.GetValueKind() == JsonValueKind.True)
                .Select(p => p.Key[BooleanPrefix.Length..].TrimEnd('s').Replace("_token", "", StringComparison.Ordinal))];
        if (hasPrompts && config["include_prompt"]?.GetValueKind() == JsonValueKind.False)
            throw new GenQException($"'{file}' leaves the prompt out of the pooling (include_prompt: false), which is not built for a model with prompts.");
        return modes switch
        {
            ["mean"] => PoolingMode.Mean,
            ["cls"] => PoolingMode.Cls,
            ["max"] => PoolingMode.Max,
            _ => throw new GenQException(
                $"'{file}' pools by '{string.Join(" and ", modes)}'; poolings that are built: mean, cls, max, one at a time."),
        };
    }

    private static string Required(JsonElement module, string name) => module.Text(name) ?? throw JsonFields.Missing(name);

    private static string Text(JsonNode value, string folder) => value.GetValueKind() == JsonValueKind.String
        ? value.GetValue<string>()
        : throw new GenQException($"A settings file in '{folder}' has {value.ToJsonString()} as '{value.GetPropertyName()}' where a text was expected: get it anew.");

    // A tokenizer without a limit says 1e30.
    private static int? Length(JsonNode? value)
        => value?.GetValueKind() == JsonValueKind.Number && value.GetValue<double>() is >= 1 and <= int.MaxValue and double length
            ? (int)length
            : null;

    // Python's encode_query and encode_document find these two names first; without them some versions take no prompt at all.
    private Dictionary<string, string> WrittenPrompts()
    {
        Dictionary<string, string> prompts = new(Prompts);
        if (QueryPrompt.Length > 0) prompts["query"] = QueryPrompt;
        if (PassagePrompt.Length > 0) prompts["document"] = PassagePrompt;
        return prompts;
    }

    // config.json without the head that the checkpoint may have had.
    private JsonObject BareConfig(string architecture)
    {
        JsonObject config = Config.DeepClone().AsObject();
        config["architectures"] = new JsonArray(architecture);
        foreach (string name in (string[])["dtype", "torch_dtype"])
        {
            if (config.ContainsKey(name)) config[name] = "float32";
        }

        return config;
    }

    private static JsonObject Module(int index, string path, string kind) => new()
    {
        ["idx"] = index,
        ["name"] = $"{index}",
        ["path"] = path,
        ["type"] = $"sentence_transformers.models.{kind}",
    };

    private static void WriteJson(string file, JsonNode json)
        => AtomicFile.WriteText(file, writer => writer.WriteLine(json.ToJsonString(Indented)));
}
