using System.Text.Json;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Onnx;

/// <summary><c>genq-onnx.json</c>: what an exported encoder is, and what encoding needs beside its graph and its tokenizer. It is written last: where it is, the export is whole.</summary>
internal sealed record OnnxDescription
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "genq-onnx.json";

    /// <summary>The graph.</summary>
    public const string GraphFile = "model.onnx";

    /// <summary>The weights.</summary>
    public const string WeightsFile = "model.onnx.data";

    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The version of the layout.</summary>
    public required int Format { get; init; }

    /// <summary>The network's family, as config.json's <c>model_type</c>.</summary>
    public required string Family { get; init; }

    /// <summary>What the model is called that it was made of.</summary>
    public required string Model { get; init; }

    /// <summary>The fingerprint of that model, as <see cref="Fingerprint.OfModel"/> gives it.</summary>
    public required string ModelHash { get; init; }

    /// <summary>The names, sizes and times of that model's files when it was exported, as <see cref="Fingerprint.StampOfModel"/> gives them: as long as they are so, the model need not be read.</summary>
    public string? ModelStamp { get; init; }

    /// <summary>The version of ONNX's set of operators.</summary>
    public required int Opset { get; init; }

    /// <summary>How the weights are held.</summary>
    public required OnnxWeights Weights { get; init; }

    /// <summary>The size of the weights' file.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Length of a vector.</summary>
    public required int Dimensions { get; init; }

    /// <summary>The most tokens of a text that are read, special ones counted.</summary>
    public required int MaxSequenceLength { get; init; }

    /// <summary>The number of ids that the graph has a vector for.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Whether a text is lower-cased before the tokenizer sees it.</summary>
    public required bool LowerCase { get; init; }

    /// <summary>How token vectors become one; the graph does it.</summary>
    public required PoolingMode Pooling { get; init; }

    /// <summary>Whether vectors are scaled to length 1; the graph does it.</summary>
    public required bool Normalize { get; init; }

    /// <summary>What is put in front of texts.</summary>
    public required PromptsByKind Prompts { get; init; }

    /// <summary>Reads the description of an export.</summary>
    /// <param name="folder">The folder of the export.</param>
    /// <exception cref="GenQException">It is missing, broken, or of a newer version.</exception>
    public static OnnxDescription Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            throw Failure(
                folder,
                file,
                Directory.Exists(folder)
                    ? $"'{folder}' has no {FileName}: it is no exported encoder, or its export did not finish. Export the encoder again."
                    : $"There is no folder '{folder}': the folder of an exported encoder was expected. Check the path, or export the encoder.");
        }

        try
        {
            using JsonDocument json = StrictJson.Parse(file);
            int format = json.RootElement.GetProperty("format").GetInt32();
            return format is >= 1 and <= CurrentFormat
                ? From(json.RootElement)
                : throw Failure(
                    folder,
                    file,
                    $"'{file}' has format {format}; this version reads up to {CurrentFormat}. Update GenQ, or export the encoder again with this version.",
                    $"{CurrentFormat}",
                    $"{format}");
        }
        catch (Exception e) when (e is GenQException { Remedy: null } or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw Failure(folder, file, $"'{file}' does not describe an exported encoder: {e.Message} Export the encoder again.", cause: e);
        }
    }

    /// <summary>Writes the description.</summary>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    public void Write(string folder)
        => AtomicFile.WriteText(Path.Combine(folder, FileName), writer => writer.WriteLine(JsonSerializer.Serialize(this, IndentedJson.Options)));

    private static OnnxDescription From(JsonElement json) => new()
    {
        Format = Number(json, "format"),
        Family = Text(json, "family"),
        Model = Text(json, "model"),
        ModelHash = Text(json, "model_hash"),
        ModelStamp = json.Text("model_stamp"),
        Opset = Number(json, "opset"),
        Weights = Choice<OnnxWeights>(json, "weights"),
        WeightBytes = json.GetProperty("weight_bytes").GetInt64(),
        Dimensions = Size(json, "dimensions"),
        MaxSequenceLength = Size(json, "max_sequence_length"),
        VocabularySize = Size(json, "vocabulary_size"),
        LowerCase = Flag(json, "lower_case"),
        Pooling = Choice<PoolingMode>(json, "pooling"),
        Normalize = Flag(json, "normalize"),
        Prompts = PromptsFrom(json.GetProperty("prompts")),
    };

    private static PromptsByKind PromptsFrom(JsonElement json) => new(Text(json, "query"), Text(json, "passage"), Text(json, "text"));

    private static string Text(JsonElement json, string name) => json.Text(name) ?? throw JsonFields.Missing(name);

    private static int Number(JsonElement json, string name) => json.WholeNumber(name) ?? throw JsonFields.Missing(name);

    private static int Size(JsonElement json, string name)
        => Number(json, name) is var size && ConfigSchema.RangeOf(ConfigKind.Size).Holds(size)
            ? size
            : throw new JsonException($"its \"{name}\" is {size}, expected is a number {ConfigSchema.RangeOf(ConfigKind.Size)}.");

    private static bool Flag(JsonElement json, string name) => json.Flag(name) ?? throw JsonFields.Missing(name);

    private static T Choice<T>(JsonElement json, string name)
        where T : struct, Enum
        => Enum.TryParse(Text(json, name), ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : throw new JsonException($"there is no \"{name}\" of that name.");

    /// <summary>An error that another export mends.</summary>
    /// <param name="folder">The folder of the export.</param>
    /// <param name="where">The file that is meant.</param>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="got">What was found.</param>
    /// <param name="model">The model that is to be exported, where it is known.</param>
    /// <param name="cause">What led to it.</param>
    public static GenQException Failure(
        string folder, string where, string message, string? expected = null, string? got = null, string? model = null, Exception? cause = null)
        => new(message, cause!) { Where = where, Expected = expected, Got = got, Remedy = new Remedy.Export(model, folder) };

    /// <summary>What is put in front of texts, by their kind; empty for most models.</summary>
    /// <param name="Query">In front of queries.</param>
    /// <param name="Passage">In front of passages.</param>
    /// <param name="Text">In front of texts of no kind.</param>
    internal sealed record PromptsByKind(string Query, string Passage, string Text);
}
