using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// The tokenizer of T5 and XLM-R: a unigram SentencePiece model (Kudo 2018) and special ids around every text. The ids are those of
/// SentencePiece itself, to the last tie, from a <c>.model</c> as from a <c>tokenizer.json</c>.
/// </summary>
/// <remarks>
/// Thread-safe. Strings such as <c>&lt;/s&gt;</c> or <c>&lt;extra_id_0&gt;</c> inside a text are text: only the tokenizer adds
/// special ids. (Hugging Face's library takes them for the special ids, and differs from SentencePiece on rare ties.)
/// </remarks>
internal sealed class SentencePieceTokenizer : ITokenizer
{
    /// <summary>T5's vocabulary.</summary>
    public const string ModelFile = "spiece.model";

    /// <summary>XLM-R's vocabulary, whose ids are moved to make room for fairseq's special ones.</summary>
    public const string FairseqModelFile = "sentencepiece.bpe.model";

    private const char Space = '\u2581';

    private readonly SentencePieceModel _model;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly UnigramSegmenter _segmenter;
    private readonly int[] _prefix;
    private readonly int[] _suffix;

    // What Save writes, by file name.
    private readonly Dictionary<string, byte[]> _files;

    /// <exception cref="InvalidDataException">The model contradicts itself.</exception>
    private SentencePieceTokenizer(SentencePieceModel model, int[] prefix, int[] suffix, Dictionary<string, byte[]> files)
    {
        _model = model;
        _normalizer = new SentencePieceNormalizer(model);
        _segmenter = new UnigramSegmenter(model);
        (_prefix, _suffix, _files) = (prefix, suffix, files);
        UnknownId = model.UnknownId;
        PadId = model.FindControl("<pad>") ?? suffix.LastOrDefault();
        VocabularySize = model.Pieces.Count;
        foreach (int id in (int[])[.. prefix, .. suffix])
        {
            if ((uint)id >= (uint)VocabularySize) throw new InvalidDataException($"it puts the id {id} around every text, which no piece has.");
        }
    }

    /// <inheritdoc/>
    public int VocabularySize { get; private init; }

    /// <inheritdoc/>
    public int PadId { get; }

    /// <inheritdoc/>
    public int UnknownId { get; }

    /// <inheritdoc/>
    public int SpecialTokenCount => _prefix.Length + _suffix.Length;

    /// <summary>The text of every piece, in the order of the ids; U+2581 stands for a space.</summary>
    public IReadOnlyList<string> Pieces => [.. _model.Pieces.Select(piece => piece.Text)];

    /// <summary>The ids that spell a piece of another vocabulary, without special ids and without a space that the piece does not have.</summary>
    public int[] Spell(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        int[] ids = Encode(piece.Replace(Space, ' '))[_prefix.Length..^_suffix.Length];
        return !piece.StartsWith(Space) && ids.Length > 1 && _model.Pieces[ids[0]].Text == Space.ToString() ? ids[1..] : ids;
    }

    /// <summary>Loads the <c>spiece.model</c> of a folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or not a unigram model with an end id.</exception>
    public static SentencePieceTokenizer FromModel(string folder)
    {
        byte[] file = InputFile.ReadBytes(Path.Combine(folder, ModelFile), InputLimits.TokenizerBytes);
        SentencePieceModel model = SentencePieceModel.Parse(file);
        int end = model.FindControl("</s>") ?? throw new InvalidDataException("it has no end piece '</s>'.");
        Dictionary<string, byte[]> files = new() { [ModelFile] = file };
        TokenizerConfig? config = TokenizerConfig.Read(folder);
        if (config is null) return new SentencePieceTokenizer(model, [], [end], files);
        files[TokenizerConfig.FileName] = config.File;

        // Sentinels (<extra_id_0> and so on) have the ids behind the model's own pieces, and no text ever becomes one; behind them others may have been added.
        SentencePieceModel whole = model.With(config.AddedTokens);
        int sentinels = model.Pieces.Count + (config.ExtraIds ?? 0);
        return new SentencePieceTokenizer(whole, [], [end], files) { VocabularySize = Math.Max(sentinels, whole.Pieces.Count) };
    }

    /// <summary>Loads the <c>sentencepiece.bpe.model</c> of an XLM-R's folder.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, not a unigram model, or of a CamemBERT, whose ids are others.</exception>
    public static SentencePieceTokenizer FromFairseqModel(string folder)
    {
        if (ModelType(folder) == "camembert")
            throw new InvalidDataException($"CamemBERT's ids are not told by it alone; bring the model's {TokenizerJson.FileName}.");
        byte[] file = InputFile.ReadBytes(Path.Combine(folder, FairseqModelFile), InputLimits.TokenizerBytes);
        SentencePieceModel model = SentencePieceModel.Parse(file).WithFairseqIds();
        Dictionary<string, byte[]> files = new() { [FairseqModelFile] = file };
        if (TokenizerConfig.Read(folder) is { } settings)
        {
            files[TokenizerConfig.FileName] = settings.File;
            model = model.With(settings.AddedTokens);
        }

        return new SentencePieceTokenizer(model, [model.FindControl("<s>")!.Value], [model.FindControl("</s>")!.Value], files);
    }

    /// <summary>Loads the <c>tokenizer.json</c> of a folder, read before as <paramref name="json"/>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or does something to a text that T5's and XLM-R's tokenizers do not.</exception>
    public static SentencePieceTokenizer FromJson(string folder, TokenizerJson json)
    {
        (int[] prefix, int[] suffix) = json.ReadFrame();
        string path = Path.Combine(folder, TokenizerJson.FileName);
        using JsonDocument document = StrictJson.Parse(InputFile.ReadBytes(path, InputLimits.TokenizerBytes), path);
        JsonObject whole = JsonObject.Create(StrictJson.RequireObject(document, path))!;
        // What lengths to cut and fill to is the model's business; here it would bind every reader of the saved file.
        (whole["truncation"], whole["padding"]) = (null, null);
        Dictionary<string, byte[]> files = new()
        {
            [TokenizerJson.FileName] = Encoding.UTF8.GetBytes(whole.ToJsonString(TokenizerJson.Options)),
        };
        if (TokenizerConfig.Read(folder) is { } config) files[TokenizerConfig.FileName] = config.File;
        return new SentencePieceTokenizer(SentencePieceModel.From(json), prefix, suffix, files);
    }

    /// <inheritdoc/>
    public int[] Encode(string text, int maxLength = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, SpecialTokenCount);
        using PooledList<byte> source = new(Encoding.UTF8.GetMaxByteCount(text.Length));
        PooledList<byte> normalized = new(Encoding.UTF8.GetMaxByteCount(text.Length));
        source.Claim(Encoding.UTF8.GetBytes(text, source.Free(0)));
        _normalizer.Normalize(source.Span, ref normalized);

        using PooledList<int> room = new(normalized.Count);
        ReadOnlySpan<int> ids = _segmenter.Segment(normalized.Span, room.Free(normalized.Count)[..normalized.Count]);
        normalized.Dispose();
        if (ids.Length > maxLength - SpecialTokenCount) ids = ids[..(maxLength - SpecialTokenCount)];
        return [.. _prefix, .. ids, .. _suffix];
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        StringBuilder text = new();
        List<byte> bytes = [];
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_model.Pieces.Count) continue;
            SentencePiece piece = _model.Pieces[id];
            if (piece.Byte is { } value)
            {
                bytes.Add(value);
                continue;
            }

            Flush(bytes, text);
            if (!HasText(piece)) continue;
            bool leadingSpace = text.Length == 0 && piece.Text.StartsWith(Space);
            text.Append(piece.Text, leadingSpace ? 1 : 0, piece.Text.Length - (leadingSpace ? 1 : 0));
        }

        Flush(bytes, text);
        return text.Replace(Space, ' ').ToString();
    }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach ((string name, byte[] content) in _files)
        {
            AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(content));
        }
    }

    private static string? ModelType(string folder)
        => StrictJson.ReadObject(Path.Combine(folder, "config.json"))?["model_type"]?.ToString();

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        if (bytes.Count == 0) return;
        text.Append(Encoding.UTF8.GetString([.. bytes]));
        bytes.Clear();
    }

    // mT5 keeps its sentinels among the ordinary pieces.
    private static bool HasText(SentencePiece piece) =>
        piece.Type is SentencePieceType.Normal or SentencePieceType.UserDefined or SentencePieceType.Unused
        && !piece.Text.Contains("<extra_id_", StringComparison.Ordinal);
}
