using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>A token that is found in a text as it stands, before the rest is split into pieces.</summary>
/// <remarks>The fields are those of <c>added_tokens</c> in Hugging Face's <c>tokenizer.json</c>.</remarks>
internal sealed record AddedToken
{
    /// <summary>Its id in the vocabulary.</summary>
    public int Id { get; init; }

    /// <summary>The text that it is found by.</summary>
    public string Content { get; init; } = "";

    /// <summary>Whether it is only found where no letter, digit or underscore touches it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it swallows the white space before it.</summary>
    public bool Lstrip { get; init; }

    /// <summary>Whether it swallows the white space behind it.</summary>
    public bool Rstrip { get; init; }

    /// <summary>Whether it is looked for in the normalized text instead of the text as given.</summary>
    public bool Normalized { get; init; }

    /// <summary>Whether it has a meaning and no text: left out when ids are decoded.</summary>
    public bool Special { get; init; }

    /// <summary>Reads a token.</summary>
    /// <exception cref="JsonException">A field is of another kind.</exception>
    public static AddedToken From(JsonElement json) => new()
    {
        Id = json.WholeNumber("id") ?? 0,
        Content = json.Text("content") ?? "",
        SingleWord = json.Flag("single_word") ?? false,
        Lstrip = json.Flag("lstrip") ?? false,
        Rstrip = json.Flag("rstrip") ?? false,
        Normalized = json.Flag("normalized") ?? false,
        Special = json.Flag("special") ?? false,
    };

    /// <summary>Refuses an id that no vocabulary has, before tables are made that are as long.</summary>
    /// <exception cref="InvalidDataException">It is below 0 or beyond <see cref="InputLimits.VocabularyIds"/>.</exception>
    public void RequireId()
    {
        if (Id is < 0 or > InputLimits.VocabularyIds) throw new InvalidDataException($"its added token '{Content}' has the id {Id}.");
    }
}
