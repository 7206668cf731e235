using System.Globalization;
using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>Hugging Face's <c>tokenizer_config.json</c>: what a tokenizer needs beside its vocabulary.</summary>
internal sealed record TokenizerConfig
{
    public const string FileName = "tokenizer_config.json";

    public bool? DoLowerCase { get; private init; }

    public bool? StripAccents { get; private init; }

    public bool? TokenizeChineseChars { get; private init; }

    /// <summary>How many sentinels T5 has behind its pieces.</summary>
    public int? ExtraIds { get; private init; }

    public string? Classification { get; private init; }

    public string? Separator { get; private init; }

    public string? Padding { get; private init; }

    public string? Unknown { get; private init; }

    public string? Mask { get; private init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; private init; } = [];

    /// <summary>The file as it was.</summary>
    public byte[] File { get; private init; } = [];

    /// <summary>Reads the file of a folder; null where there is none.</summary>
    /// <exception cref="GenQException">The file is not JSON of this form.</exception>
    public static TokenizerConfig? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!System.IO.File.Exists(path)) return null;
        byte[] file = InputFile.ReadBytes(path, InputLimits.ConfigBytes);
        try
        {
            using JsonDocument document = StrictJson.Parse(file, path);
            return From(document.RootElement, file);
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message} Copy it again from the model.", e);
        }
    }

    private static TokenizerConfig From(JsonElement json, byte[] file) => new()
    {
        DoLowerCase = json.Flag("do_lower_case"),
        StripAccents = json.Flag("strip_accents"),
        TokenizeChineseChars = json.Flag("tokenize_chinese_chars"),
        ExtraIds = json.WholeNumber("extra_ids") is { } count && count is < 0 or > InputLimits.VocabularyIds ? throw new JsonException($"its \"extra_ids\" is {count}.") : json.WholeNumber("extra_ids"),
        Classification = Token(json, "cls_token"),
        Separator = Token(json, "sep_token"),
        Padding = Token(json, "pad_token"),
        Unknown = Token(json, "unk_token"),
        Mask = Token(json, "mask_token"),
        AddedTokens = [.. json.Entries("added_tokens_decoder", AddedToken.From).Select(entry => entry.Value with { Id = int.Parse(entry.Key, NumberStyles.None, CultureInfo.InvariantCulture) })],
        File = file,
    };

    // A token is written as its text, or as an object with its text in "content".
    private static string? Token(JsonElement json, string name) => json.Field(name) switch
    {
        { ValueKind: JsonValueKind.String } token => token.GetString(),
        { ValueKind: JsonValueKind.Object } token => token.Text("content"),
        _ => null,
    };
}
