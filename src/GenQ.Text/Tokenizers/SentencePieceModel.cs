using System.Text;
using System.Text.Json;

namespace GenQ.Text;

/// <summary>What a unigram SentencePiece model says, whichever file said it. Ids are places in <see cref="Pieces"/>.</summary>
/// <remarks>Field numbers: SentencePiece, <c>sentencepiece_model.proto</c>.</remarks>
internal sealed record SentencePieceModel
{
    /// <summary>The vocabulary.</summary>
    public required IReadOnlyList<SentencePiece> Pieces { get; init; }

    /// <summary>The compiled normalization rules; empty for none.</summary>
    public ReadOnlyMemory<byte> CharacterMap { get; init; }

    /// <summary>Whether a text gets a space in front, so that its first word looks like any other word.</summary>
    public bool AddDummyPrefix { get; init; } = true;

    /// <summary>Whether spaces at the ends go and runs of spaces become one.</summary>
    public bool RemoveExtraWhitespaces { get; init; } = true;

    /// <summary>Whether characters without a piece are spelled in bytes instead of being unknown.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>The id of the one piece of type <see cref="SentencePieceType.Unknown"/>.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public int UnknownId => Find(piece => piece.Type == SentencePieceType.Unknown)
        ?? throw new InvalidDataException("it has no piece for unknown text.");

    /// <summary>The id of the control piece <paramref name="text"/>, or null.</summary>
    public int? FindControl(string text) => Find(piece => piece.Type == SentencePieceType.Control && piece.Text == text);

    /// <summary>The pieces of some types, in UTF-8, and their ids.</summary>
    public (byte[][] Pieces, int[] Ids) Spellings(params SentencePieceType[] types)
    {
        List<byte[]> pieces = [];
        List<int> ids = [];
        for (int id = 0; id < Pieces.Count; id++)
        {
            if (!types.Contains(Pieces[id].Type) || Pieces[id].Text.Length == 0) continue;
            pieces.Add(Encoding.UTF8.GetBytes(Pieces[id].Text));
            ids.Add(id);
        }

        return ([.. pieces], [.. ids]);
    }

    /// <summary>Reads a <c>.model</c> file.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or the model is of a kind that is not supported.</exception>
    public static SentencePieceModel Parse(ReadOnlySpan<byte> file)
    {
        List<SentencePiece> pieces = [];
        SentencePieceModel model = new() { Pieces = pieces };
        ProtobufReader reader = new(file);
        while (reader.Read())
        {
            model = reader.Field switch
            {
                2 => model.WithTrainerSpec(reader.Bytes),
                3 => model.WithNormalizerSpec(reader.Bytes),
                _ => model,
            };
            if (reader.Field == 1) pieces.Add(ParsePiece(reader.Bytes));
        }

        return pieces.Count > 0 ? model : throw new InvalidDataException("it holds no pieces.");
    }

    /// <summary>The model with the tokens that were added behind its pieces; those that name a piece of its own change nothing.</summary>
    /// <exception cref="InvalidDataException">A token has an id that no vocabulary has.</exception>
    public SentencePieceModel With(IEnumerable<AddedToken> added)
    {
        List<SentencePiece> pieces = [.. Pieces];
        Add(added.Where(token => token.Id >= Pieces.Count || token.Id < 0), pieces);
        return this with { Pieces = pieces };
    }

    /// <summary>
    /// The model with fairseq's ids: <c>&lt;s&gt;</c>, <c>&lt;pad&gt;</c>, <c>&lt;/s&gt;</c>, <c>&lt;unk&gt;</c>, then the pieces behind its own three
    /// special ones, and <c>&lt;mask&gt;</c>.
    /// </summary>
    /// <exception cref="InvalidDataException">The first three pieces are not those that fairseq's models have.</exception>
    public SentencePieceModel WithFairseqIds()
    {
        string[] own = ["<unk>", "<s>", "</s>"];
        if (!Pieces.Take(own.Length).Select(piece => piece.Text).SequenceEqual(own))
            throw new InvalidDataException($"its first pieces should be {string.Join(", ", own)}, as in XLM-R.");
        SentencePiece Control(string text) => new(text, 0, SentencePieceType.Control);
        return this with
        {
            Pieces = [Control("<s>"), Control("<pad>"), Control("</s>"), Pieces[0], .. Pieces.Skip(own.Length), Control("<mask>")],
        };
    }

    /// <summary>Reads the same from a Hugging Face <c>tokenizer.json</c> of type Unigram.</summary>
    /// <exception cref="InvalidDataException">It does something to the text that T5's tokenizers do not, or is damaged.</exception>
    public static SentencePieceModel From(TokenizerJson json)
    {
        List<SentencePiece> pieces = ReadVocabulary(json);
        SentencePieceModel model = new() { Pieces = pieces, ByteFallback = json.Model!.ByteFallback, AddDummyPrefix = false };
        foreach (TokenizerJson.NormalizerJson normalizer in TokenizerJson.Flatten(json.Normalizer))
        {
            model = normalizer switch
            {
                { Type: "Precompiled" } => model with { CharacterMap = normalizer.PrecompiledCharsmap },
                { IsWhiteSpaceCleaning: true } => model,
                _ => throw new InvalidDataException(
                    $"its normalizer {normalizer.Type} is not supported; supported is Precompiled, as in T5."),
            };
        }

        foreach (TokenizerJson.PreTokenizerJson preTokenizer in TokenizerJson.Flatten(json.PreTokenizer))
        {
            model = preTokenizer switch
            {
                { Type: "WhitespaceSplit" } => model,
                { Type: "Metaspace" } => model with { AddDummyPrefix = preTokenizer.AddsPrefix },
                _ => throw new InvalidDataException(
                    $"its pre_tokenizer {preTokenizer.Type} is not supported; supported are WhitespaceSplit and Metaspace, as in T5."),
            };
        }

        return model;
    }

    private static List<SentencePiece> ReadVocabulary(TokenizerJson json)
    {
        if (json.Model!.Vocab.ValueKind != JsonValueKind.Array) throw new InvalidDataException("its vocab is no list of [piece, score].");
        List<SentencePiece> pieces = [];
        foreach (JsonElement entry in json.Model.Vocab.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
                || entry[0].ValueKind != JsonValueKind.String || entry[1].ValueKind != JsonValueKind.Number)
            {
                throw new InvalidDataException($"its vocab has '{entry}' where [piece, score] was expected.");
            }

            string text = entry[0].GetString()!;
            bool isByte = json.Model.ByteFallback && SentencePiece.IsByte(text);
            pieces.Add(new SentencePiece(text, entry[1].GetSingle(), isByte ? SentencePieceType.Byte : SentencePieceType.Normal));
        }

        Add(json.AddedTokens, pieces);
        if (json.Model.UnkId is { } unknown && unknown >= 0 && unknown < pieces.Count)
        {
            pieces[unknown] = pieces[unknown] with { Type = SentencePieceType.Unknown };
        }

        return pieces;
    }

    // Those without a meaning of their own are found in a text.
    private static void Add(IEnumerable<AddedToken> tokens, List<SentencePiece> pieces)
    {
        foreach (AddedToken token in tokens)
        {
            token.RequireId();
            while (pieces.Count <= token.Id) pieces.Add(new SentencePiece("", 0, SentencePieceType.Control));
            pieces[token.Id] = new SentencePiece(token.Content, 0, token.Special ? SentencePieceType.Control : SentencePieceType.UserDefined);
        }
    }

    private static SentencePiece ParsePiece(ReadOnlySpan<byte> message)
    {
        SentencePiece piece = new("", 0, SentencePieceType.Normal);
        ProtobufReader reader = new(message);
        while (reader.Read())
        {
            piece = reader.Field switch
            {
                1 => piece with { Text = Encoding.UTF8.GetString(reader.Bytes) },
                2 => piece with { Score = reader.Single },
                3 => piece with { Type = (SentencePieceType)reader.Int32 },
                _ => piece,
            };
        }

        return piece;
    }

    private SentencePieceModel WithTrainerSpec(ReadOnlySpan<byte> message)
    {
        const int unigram = 1;
        SentencePieceModel model = this;
        ProtobufReader reader = new(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 3 when reader.Int32 != unigram:
                    string[] types = ["?", "unigram", "BPE", "word", "character"];
                    string type = types.ElementAtOrDefault(reader.Int32) ?? $"number {reader.Int32}";
                    throw new InvalidDataException($"its type is {type}; supported is unigram, as in T5.");
                case 24 when reader.Boolean:
                    throw new InvalidDataException(
                        "it marks spaces behind words (treat_whitespace_as_suffix); supported is in front, as in T5.");
                case 35:
                    model = model with { ByteFallback = reader.Boolean };
                    break;
            }
        }

        return model;
    }

    private SentencePieceModel WithNormalizerSpec(ReadOnlySpan<byte> message)
    {
        SentencePieceModel model = this;
        ProtobufReader reader = new(message);
        while (reader.Read())
        {
            model = reader.Field switch
            {
                2 => model with { CharacterMap = reader.Bytes.ToArray() },
                3 => model with { AddDummyPrefix = reader.Boolean },
                4 => model with { RemoveExtraWhitespaces = reader.Boolean },
                _ => model,
            };
        }

        return model;
    }

    private int? Find(Func<SentencePiece, bool> wanted)
    {
        for (int id = 0; id < Pieces.Count; id++)
        {
            if (wanted(Pieces[id])) return id;
        }

        return null;
    }
}
