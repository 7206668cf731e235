using System.Globalization;
using System.Text.Json;

namespace GenQ.Text;

/// <summary>What a model's README.md says about where it comes from.</summary>
public sealed record ModelCard
{
    /// <summary>The model's name.</summary>
    public required string Name { get; init; }

    /// <summary>The model it was tuned from.</summary>
    public string? BaseModel { get; init; }

    /// <summary>The licence's SPDX identifier.</summary>
    public string? License { get; init; }

    /// <summary>What it was trained on, in sentences.</summary>
    public string? Data { get; init; }

    /// <summary>Settings of the training by name, in the order to show.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>What a model in a folder is called: the folder's name.</summary>
    internal static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>What a model is called that others are made from: a folder's name, or its name on the hub.</summary>
    internal static string BaseNameOf(string nameOrFolder) => Directory.Exists(nameOrFolder) ? NameOf(nameOrFolder) : nameOrFolder;

    /// <summary>Writes the card as Markdown with the YAML head that the Hugging Face hub reads.</summary>
    /// <param name="writer">Receives the text.</param>
    /// <param name="dimensions">Length of the model's vectors.</param>
    /// <param name="maxSequenceLength">Tokens the model reads of a text.</param>
    /// <param name="hasPrompts">
    /// Whether queries and passages are told apart in Python too; without that, every version understands the call.
    /// </param>
    internal void Write(TextWriter writer, int dimensions, int maxSequenceLength, bool hasPrompts)
    {
        writer.WriteLine("---");
        writer.WriteLine("library_name: sentence-transformers");
        writer.WriteLine("pipeline_tag: sentence-similarity");
        writer.WriteLine("tags: [sentence-transformers, feature-extraction, sentence-similarity, genq]");

        // A JSON string is a YAML string too, whatever it holds.
        if (BaseModel is not null) writer.WriteLine($"base_model: {JsonSerializer.Serialize(BaseModel)}");
        if (License is not null) writer.WriteLine($"license: {JsonSerializer.Serialize(License)}");
        writer.WriteLine("---");
        writer.WriteLine();
        writer.WriteLine($"# {Name}");
        writer.WriteLine();
        writer.WriteLine("A sentence encoder for search: it maps queries and passages to vectors that are compared by cosine.");
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"A vector has {dimensions} numbers; up to {maxSequenceLength} tokens of a text are read."));
        if (BaseModel is not null)
            WriteSection(writer, "Base", $"Made from `{BaseModel}` with GenQ.");
        if (Data is not null) WriteSection(writer, "Data", Data);
        WriteTable(writer, "Settings", "Setting", Settings);
        WriteSection(writer, "Use in .NET", """
            ```csharp
            using GenQ.Models;

            using BiEncoder encoder = BiEncoder.Load("path/to/this/folder");
            float[][] queries = encoder.EncodeQueries(["what is python used for"]);
            float[][] passages = encoder.EncodePassages(["Python is a general-purpose programming language."]);
            ```
            """);
        (string query, string passage) = hasPrompts ? ("encode_query", "encode_document") : ("encode", "encode");
        WriteSection(writer, "Use in Python", $"""
            ```python
            from sentence_transformers import SentenceTransformer
            model = SentenceTransformer("path/to/this/folder")
            queries = model.{query}(["what is python used for"])
            passages = model.{passage}(["Python is a general-purpose programming language."])
            ```
            """);
    }

    private static void WriteSection(TextWriter writer, string title, string text)
    {
        writer.WriteLine();
        writer.WriteLine($"## {title}");
        writer.WriteLine();
        writer.WriteLine(text.ReplaceLineEndings(writer.NewLine));
    }

    private static void WriteTable(TextWriter writer, string title, string column, IReadOnlyList<KeyValuePair<string, string>> rows)
    {
        if (rows.Count == 0) return;
        WriteSection(writer, title, $"| {column} | Value |\n|---|---|");
        foreach ((string name, string value) in rows) writer.WriteLine($"| {Cell(name)} | {Cell(value)} |");
    }

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
