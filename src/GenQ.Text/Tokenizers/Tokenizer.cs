using GenQ.Data;

namespace GenQ.Text;

/// <summary>Loads the tokenizer of a model folder, of whichever kind it is.</summary>
public static class Tokenizer
{
    // Where the first versions of sentence-transformers kept the transformer's files.
    private const string OldTransformerFolder = "0_Transformer";

    // Those that hold a vocabulary, in the order in which they count.
    private static readonly string[] Vocabularies =
    [
        SentencePieceTokenizer.ModelFile, TokenizerJson.FileName, SentencePieceTokenizer.FairseqModelFile, WordPieceTokenizer.VocabularyFile,
    ];

    /// <summary>The names of all files that <see cref="Load"/> reads, and of those that saving a tokenizer writes.</summary>
    internal static IReadOnlyList<string> Files { get; } = [.. Vocabularies, TokenizerConfig.FileName];

    /// <summary>
    /// Loads the tokenizer that the files of <paramref name="folder"/> describe: <c>spiece.model</c> (T5) comes before
    /// <c>tokenizer.json</c> (all), and that before <c>sentencepiece.bpe.model</c> (XLM-R) and <c>vocab.txt</c> (BERT, MPNet).
    /// </summary>
    /// <exception cref="GenQException">None of the files is there, or the one that counts is damaged or of another kind.</exception>
    public static ITokenizer Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string? name = Array.Find(Vocabularies, name => File.Exists(Path.Combine(folder, name)));
        if (name is null)
        {
            string inner = Path.Combine(folder, OldTransformerFolder);
            return Directory.Exists(inner) ? Load(inner) : throw Missing(folder, string.Join(", ", Vocabularies));
        }

        try
        {
            return name switch
            {
                SentencePieceTokenizer.ModelFile => SentencePieceTokenizer.FromModel(folder),
                SentencePieceTokenizer.FairseqModelFile => SentencePieceTokenizer.FromFairseqModel(folder),
                WordPieceTokenizer.VocabularyFile => WordPieceTokenizer.FromVocabulary(folder),
                _ => FromJson(folder),
            };
        }
        catch (InvalidDataException e)
        {
            string path = Path.Combine(folder, name);
            throw new GenQException(
                $"'{path}' is no tokenizer that can be used: {e.Message} Is the file whole, and of a T5, or of an encoder that is built?", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"The tokenizer in '{folder}' cannot be read: {e.Message} Check the folder's permissions.", e);
        }
    }

    private static ITokenizer FromJson(string folder)
    {
        TokenizerJson json = TokenizerJson.Read(folder);
        return json.Model?.Type switch
        {
            "Unigram" => SentencePieceTokenizer.FromJson(folder, json),
            "WordPiece" => WordPieceTokenizer.FromJson(folder, json),
            string type => throw new InvalidDataException(
                $"its model is of type {type}; supported are Unigram (T5, XLM-R) and WordPiece (BERT, MPNet), not the byte-level BPE of RoBERTa."),
            null => throw new InvalidDataException("it names no model type; expected Unigram (T5, XLM-R) or WordPiece (BERT, MPNet)."),
        };
    }

    private static GenQException Missing(string folder, string names) => new(
        File.Exists(Path.Combine(folder, "merges.txt"))
            ? $"'{folder}' holds a tokenizer of byte-level BPE (vocab.json, merges.txt), as RoBERTa's; supported are {names}. Use a model with one of these."
        : Directory.Exists(folder)
            ? $"'{folder}' holds no tokenizer: it has none of {names}. Copy the one that came with the model into the folder."
            : $"There is no folder '{folder}'; a model's folder with a tokenizer ({names}) was expected. Is the path right?");
}
