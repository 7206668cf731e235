using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>Hugging Face's <c>tokenizer_config.json</c>: what a tokenizer needs beside its vocabulary.</summary>
internal sealed record TokenizerConfig
{
    public const string FileName = "tokenizer_config.json";

    public bool? DoLowerCase { get; init; }

    public bool? StripAccents { get; init; }

    public bool? TokenizeChineseChars { get; init; }

    /// <summary>How many sentinels T5 has behind its pieces.</summary>
    public int? ExtraIds { get; init; }

    // A token is written as its text, or as an object with its text in "content".
    public JsonElement ClsToken { get; init; }

    public JsonElement SepToken { get; init; }

    public JsonElement PadToken { get; init; }

    public JsonElement UnkToken { get; init; }

    public JsonElement MaskToken { get; init; }

    /// <summary>The added tokens by id; the id stands only here.</summary>
    public IReadOnlyDictionary<int, AddedToken> AddedTokensDecoder { get; init; } = new Dictionary<int, AddedToken>();

    public string? Classification => Text(ClsToken);

    public string? Separator => Text(SepToken);

    public string? Padding => Text(PadToken);

    public string? Unknown => Text(UnkToken);

    public string? Mask => Text(MaskToken);

    public IEnumerable<AddedToken> AddedTokens => AddedTokensDecoder.Select(entry => entry.Value with { Id = entry.Key });

    /// <summary>The file as it was.</summary>
    public byte[] File { get; private init; } = [];

    /// <summary>Reads the file of a folder; null where there is none.</summary>
    /// <exception cref="GenQException">The file is not JSON of this form.</exception>
    public static TokenizerConfig? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!System.IO.File.Exists(path)) return null;
        byte[] file = System.IO.File.ReadAllBytes(path);
        try
        {
            return JsonSerializer.Deserialize<TokenizerConfig>(file, TokenizerJson.Options)! with { File = file };
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message} Copy it again from the model.", e);
        }
    }

    private static string? Text(JsonElement token) => token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object when token.TryGetProperty("content", out JsonElement content) => content.GetString(),
        _ => null,
    };
}
