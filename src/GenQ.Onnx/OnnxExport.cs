using GenQ.Data;
using GenQ.Text;

namespace GenQ.Onnx;

/// <summary>
/// Writes a sentence encoder as ONNX: a folder with the graph (<c>model.onnx</c>), its weights (<c>model.onnx.data</c>), the tokenizer's files, and
/// <c>genq-onnx.json</c>, which says how texts are read. <see cref="OnnxEncoder"/> encodes with it, and any other ONNX runtime can.
/// </summary>
/// <remarks>
/// The graph takes <c>input_ids</c> and <c>attention_mask</c>, (batch, length) of 64-bit whole numbers, and gives <c>sentence_embedding</c>,
/// (batch, dimensions) of fp32: pooled, and scaled to length 1 where the model does that.
/// </remarks>
public static class OnnxExport
{
    internal const string Ids = "input_ids", Mask = "attention_mask", Vectors = "sentence_embedding";

    // In the graph's metadata: which model it was made of.
    internal const string ModelHashKey = "genq.model_hash";

    /// <summary>Exports an encoder.</summary>
    /// <param name="nameOrFolder">A sentence-transformers folder or a plain checkpoint, or a model's name on the Hugging Face hub.</param>
    /// <param name="folder">Receives the files; an earlier export there is replaced. The description is written last: where it is, the export is whole.</param>
    /// <param name="int8Weights">
    /// Whether the layers' weights and the table of tokens are held as 8-bit whole numbers, and what a weight is multiplied with is rounded likewise,
    /// each token by itself: a quarter of the size, faster, a little less exact.
    /// </param>
    /// <exception cref="GenQException">A file is missing, broken or cannot be written, or the model has a part that is not built.</exception>
    public static void Write(string nameOrFolder, string folder, bool int8Weights = false)
    {
        ArgumentNullException.ThrowIfNull(folder);
        string model = ModelFolder.Resolve(nameOrFolder);
        OnnxWeights weights = int8Weights ? OnnxWeights.Int8 : OnnxWeights.Fp32;
        string[] earlier = EarlierFiles(folder);
        SentenceTransformersFolder settings = SentenceTransformersFolder.Read(model);
        ITokenizer tokenizer = Tokenizer.Load(settings.TransformerFolder);
        OnnxGraph graph = new();
        (string family, EncoderGraph encoder) = EncoderGraphs.Begin(graph, settings.Config, settings.TransformerFolder, weights);
        if (tokenizer.VocabularySize > encoder.VocabularySize)
        {
            throw new GenQException(
                $"'{settings.TransformerFolder}' has a tokenizer of {tokenizer.VocabularySize} ids, but config.json says vocab_size "
                + $"{encoder.VocabularySize}: the two are of different models.");
        }

        OnnxValue vectors = SentenceGraph.Pool(encoder.States(), encoder.Mask, settings.Pooling);
        if (settings.Normalize) vectors = SentenceGraph.Unit(vectors);
        graph.Output(Vectors, vectors, "batch", encoder.HiddenSize);
        encoder.ReadWeights(settings.TransformerFolder);

        Delete(earlier);
        string stamp = Fingerprint.StampOfModel(model), hash = Fingerprint.OfModel(model), weightsFile = Path.Combine(folder, OnnxDescription.WeightsFile);
        graph.Write(Path.Combine(folder, OnnxDescription.GraphFile), weightsFile, [(ModelHashKey, hash)]);
        tokenizer.Save(folder);
        new OnnxDescription
        {
            Format = OnnxDescription.CurrentFormat,
            Family = family,
            Model = ModelCard.BaseNameOf(nameOrFolder),
            ModelHash = hash,
            ModelStamp = stamp,
            Opset = OnnxGraph.Opset,
            Weights = weights,
            WeightBytes = new FileInfo(weightsFile).Length,
            Dimensions = encoder.HiddenSize,
            MaxSequenceLength = Math.Min(settings.MaxSequenceLength ?? encoder.MaxLength, encoder.MaxLength),
            VocabularySize = encoder.VocabularySize,
            LowerCase = settings.LowerCase,
            Pooling = settings.Pooling,
            Normalize = settings.Normalize,
            Prompts = new OnnxDescription.PromptsByKind(settings.QueryPrompt, settings.PassagePrompt, settings.DefaultPrompt),
        }.Write(folder);
    }

    /// <summary>Whether a folder holds a whole export of this model.</summary>
    /// <param name="folder">The folder of the export.</param>
    /// <param name="modelHash">The fingerprint of the model.</param>
    internal static bool IsOf(string folder, string modelHash)
    {
        try
        {
            return OnnxDescription.Read(folder).ModelHash == modelHash;
        }
        catch (GenQException)
        {
            return false;
        }
    }

    // The description goes first, as it comes last.
    private static void Delete(string[] earlier)
    {
        foreach (string file in earlier.OrderByDescending(file => Path.GetFileName(file) == OnnxDescription.FileName))
        {
            try
            {
                Disk.Current.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new GenQException($"'{file}' of an earlier export cannot be replaced: {e.Message} Close what uses it, or choose another folder.", e) { Where = file };
            }
        }
    }

    // The files of an earlier export, whole or not. Nothing else may lie there: another tokenizer may be the one that is found first.
    private static string[] EarlierFiles(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        string[] own = [OnnxDescription.FileName, OnnxDescription.GraphFile, OnnxDescription.WeightsFile, .. Tokenizer.Files];
        string[] found = [.. Directory.EnumerateFileSystemEntries(folder)];
        return found.FirstOrDefault(entry => !own.Contains(Path.GetFileName(entry).Replace(AtomicFile.PartialSuffix, "", StringComparison.Ordinal))) is { } other
            ? throw new GenQException(
                $"'{folder}' holds '{Path.GetFileName(other)}', which is no file of an exported encoder: choose an empty folder, or that of an earlier export.")
            {
                Where = folder,
                Expected = "an empty folder",
                Got = Path.GetFileName(other),
            }
            : found;
    }
}
