using System.Text;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// The tokenizer of BERT and MPNet: words, split greedily into the longest pieces of the vocabulary, between [CLS] and [SEP]
/// or &lt;s&gt; and &lt;/s&gt;. The ids are those of Hugging Face tokenizers.
/// </summary>
/// <remarks>
/// Thread-safe. The strings of special tokens inside a text become these tokens, as there. Characters younger than the
/// Unicode tables of either side may differ. Needs the framework's globalization data: invariant mode cannot strip accents.
/// </remarks>
internal sealed class WordPieceTokenizer : ITokenizer
{
    public const string VocabularyFile = "vocab.txt";

    private readonly WordPieceModel _model;
    private readonly AddedTokenMatcher _asGiven;
    private readonly AddedTokenMatcher _asNormalized;
    private readonly PieceTrie _starts;
    private readonly PieceTrie _continuations;
    private readonly int _classificationId;
    private readonly int _separatorId;

    // By id; null where decoding leaves the id out.
    private readonly string?[] _texts;

    // The tokenizer_config.json that was loaded; null where there was none.
    private readonly byte[]? _config;

    /// <exception cref="InvalidDataException">The model lacks one of its own tokens.</exception>
    /// <exception cref="GenQException">The process cannot decompose characters.</exception>
    private WordPieceTokenizer(WordPieceModel model, byte[]? config)
    {
        if ("\u00E9".Normalize(NormalizationForm.FormD).Length == 1)
        {
            throw new GenQException(
                "This process runs in globalization-invariant mode: accents cannot be stripped, BERT's and MPNet's ids would be wrong. "
                + "Set InvariantGlobalization (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT) to false and install the ICU library.");
        }

        (_model, _config) = (model, config);
        _classificationId = model.IdOf(model.ClassificationToken);
        _separatorId = model.IdOf(model.SeparatorToken);
        PadId = model.IdOf(model.PaddingToken);
        UnknownId = model.IdOf(model.UnknownToken);

        foreach (AddedToken token in model.AddedTokens) token.RequireId();
        ILookup<bool, AddedToken> added = model.AddedTokens.ToLookup(token => token.Normalized);
        _asGiven = new AddedTokenMatcher(added[false]);
        _asNormalized = new AddedTokenMatcher(added[true].Select(token => token with { Content = Normalize(token.Content) }));

        _starts = Trie(model.Vocabulary, prefix: "");
        _continuations = Trie(model.Vocabulary, model.ContinuingPrefix);

        _texts = new string?[model.Vocabulary.Values.Concat(model.AddedTokens.Select(token => token.Id)).Max() + 1];
        foreach ((string piece, int id) in model.Vocabulary) _texts[id] = piece;
        foreach (AddedToken token in model.AddedTokens) _texts[token.Id] = token.Special ? null : token.Content;
    }

    /// <inheritdoc/>
    public int VocabularySize => _texts.Length;

    /// <inheritdoc/>
    public int PadId { get; }

    /// <inheritdoc/>
    public int UnknownId { get; }

    /// <inheritdoc/>
    public int SpecialTokenCount => 2;

    /// <summary>Loads the <c>tokenizer.json</c> of a folder, read before as <paramref name="json"/>.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or works in another way than BERT's and MPNet's.</exception>
    public static WordPieceTokenizer FromJson(string folder, TokenizerJson json)
    {
        TokenizerConfig? config = TokenizerConfig.Read(folder);
        return new WordPieceTokenizer(WordPieceModel.From(json, config), config?.File);
    }

    /// <summary>Loads the <c>vocab.txt</c> of a folder, with its <c>tokenizer_config.json</c> where there is one.</summary>
    /// <exception cref="InvalidDataException">The vocabulary lacks the special tokens of both families.</exception>
    public static WordPieceTokenizer FromVocabulary(string folder)
    {
        TokenizerConfig? config = TokenizerConfig.Read(folder);
        return new WordPieceTokenizer(WordPieceModel.From(InputFile.Lines(Path.Combine(folder, VocabularyFile)).Select(line => line.Line).Take(InputLimits.VocabularyIds), config), config?.File);
    }

    /// <inheritdoc/>
    public int[] Encode(string text, int maxLength = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, SpecialTokenCount);
        PooledList<int> ids = new(text.Length / 3 + 8);
        ids.Add(_classificationId);
        int limit = maxLength - 1;
        int done = 0;
        while (ids.Count < limit && _asGiven.Find(text, done, out int start, out int end) is { } token)
        {
            EncodeText(text.AsSpan(done..start), limit, ref ids);
            ids.Add(token.Id);
            done = end;
        }

        EncodeText(text.AsSpan(done), limit, ref ids);
        ids.Truncate(Math.Min(ids.Count, limit));
        ids.Add(_separatorId);
        int[] result = ids.Span.ToArray();
        ids.Dispose();
        return result;
    }

    /// <inheritdoc/>
    public string Decode(ReadOnlySpan<int> ids)
    {
        StringBuilder text = new();
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)_texts.Length || _texts[id] is not { } piece) continue;
            bool continues = piece.StartsWith(_model.ContinuingPrefix, StringComparison.Ordinal);
            if (text.Length > 0 && !continues && piece is not ("." or "," or "!" or "?")) text.Append(' ');
            text.Append(piece.AsSpan(text.Length > 0 && continues ? _model.ContinuingPrefix.Length : 0));
        }

        return text.ToString();
    }

    /// <inheritdoc/>
    public void Save(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        AtomicFile.Write(Path.Combine(folder, TokenizerJson.FileName), _model.WriteJson);
        AtomicFile.Write(Path.Combine(folder, TokenizerConfig.FileName), stream =>
        {
            if (_config is not null) stream.Write(_config);
            else _model.WriteConfig(stream);
        });
        AtomicFile.WriteText(Path.Combine(folder, VocabularyFile), writer =>
        {
            int line = 0;
            foreach ((string piece, int id) in _model.Vocabulary.OrderBy(piece => piece.Value))
            {
                for (; line < id; line++) writer.WriteLine();
                writer.WriteLine(piece);
                line++;
            }
        });
    }

    private string Normalize(string text)
    {
        PooledList<char> normalized = new(text.Length);
        _model.Normalizer.Normalize(text, ref normalized);
        string result = normalized.Span.ToString();
        normalized.Dispose();
        return result;
    }

    // Text between tokens that were found as given. Stops soon after `limit` ids.
    private void EncodeText(ReadOnlySpan<char> text, int limit, ref PooledList<int> ids)
    {
        if (text.IsEmpty || ids.Count >= limit) return;
        PooledList<char> normalized = new(text.Length);
        _model.Normalizer.Normalize(text, ref normalized);
        ReadOnlySpan<char> rest = normalized.Span;
        int done = 0;
        while (_asNormalized.Find(rest, done, out int start, out int end) is { } token)
        {
            EncodeWords(rest[done..start], limit, ref ids);
            ids.Add(token.Id);
            done = end;
        }

        EncodeWords(rest[done..], limit, ref ids);
        normalized.Dispose();
    }

    // White space separates words; every punctuation mark is a word of its own.
    private void EncodeWords(ReadOnlySpan<char> text, int limit, ref PooledList<int> ids)
    {
        int wordStart = 0;
        for (int i = 0; i < text.Length && ids.Count < limit;)
        {
            Separator separator = Classify(text[i..], out int length);
            if (separator != Separator.None)
            {
                EncodeWord(text[wordStart..i], ref ids);
                if (separator == Separator.Punctuation) EncodeWord(text.Slice(i, length), ref ids);
                wordStart = i + length;
            }

            i += length;
        }

        EncodeWord(text[wordStart..], ref ids);
    }

    // The longest piece that starts the word, then the longest that continues it, and so on; all of it or unknown.
    private void EncodeWord(ReadOnlySpan<char> word, ref PooledList<int> ids)
    {
        if (word.IsEmpty) return;
        if (word.Length > _model.MaxWordLength && CountCharacters(word) > _model.MaxWordLength)
        {
            ids.Add(UnknownId);
            return;
        }

        const int bytesOfMost = 256;
        int before = ids.Count, mostBytes = Encoding.UTF8.GetMaxByteCount(word.Length);
        Span<byte> room = mostBytes <= bytesOfMost ? stackalloc byte[bytesOfMost] : new byte[mostBytes];
        ReadOnlySpan<byte> rest = room[..Encoding.UTF8.GetBytes(word, room)];
        for (PieceTrie pieces = _starts; !rest.IsEmpty; pieces = _continuations)
        {
            int length = pieces.LongestMatch(rest, out int id);
            if (length == 0)
            {
                ids.Truncate(before);
                ids.Add(UnknownId);
                return;
            }

            ids.Add(id);
            rest = rest[length..];
        }
    }

    // Of the pieces that begin with the prefix, what follows it.
    private static PieceTrie Trie(IReadOnlyDictionary<string, int> vocabulary, string prefix)
    {
        List<byte[]> pieces = [];
        List<int> ids = [];
        foreach ((string piece, int id) in vocabulary)
        {
            if (piece.Length == prefix.Length || !piece.StartsWith(prefix, StringComparison.Ordinal)) continue;
            pieces.Add(Encoding.UTF8.GetBytes(piece, prefix.Length, piece.Length - prefix.Length));
            ids.Add(id);
        }

        return new PieceTrie([.. pieces], [.. ids]);
    }

    private enum Separator
    {
        None,
        WhiteSpace,
        Punctuation,
    }

    // ASCII symbols such as $ and ^ count as punctuation, others do not.
    private static Separator Classify(ReadOnlySpan<char> text, out int length)
    {
        char first = text[0];
        length = 1;
        if (char.IsAsciiLetterOrDigit(first)) return Separator.None;
        if (char.IsWhiteSpace(first)) return Separator.WhiteSpace;
        if (char.IsAscii(first)) return char.IsControl(first) ? Separator.None : Separator.Punctuation;
        Rune.DecodeFromUtf16(text, out Rune rune, out length);
        return Rune.IsPunctuation(rune) ? Separator.Punctuation : Separator.None;
    }

    private static int CountCharacters(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (Rune _ in text.EnumerateRunes()) count++;
        return count;
    }
}
