using GenQ.Data;
using GenQ.Text;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntime;

namespace GenQ.Onnx;

/// <summary>
/// A sentence encoder on ONNX Runtime: reads a text, gives a vector, which is the one that the model gives it was exported from. It needs no
/// torch; <see cref="OnnxExport"/> writes what it loads.
/// </summary>
/// <remarks>
/// Thread-safe except for <see cref="Dispose"/>. The vector of a text does not depend on the texts beside it, but for the last digits.
/// </remarks>
public sealed class OnnxEncoder : ISentenceEncoder, IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly OnnxDescription _description;
    private readonly ITokenizer _tokenizer;
    private readonly InferenceSession _session;
    private readonly int _batchTokens;
    private readonly EmbeddingGeneratorMetadata _metadata;

    private OnnxEncoder(OnnxDescription description, ITokenizer tokenizer, InferenceSession session, int batchTokens)
    {
        (_description, _tokenizer, _session, _batchTokens) = (description, tokenizer, session, batchTokens);
        _metadata = new EmbeddingGeneratorMetadata("genq", defaultModelId: description.Model, defaultModelDimensions: Dimensions);
    }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => _description.Dimensions;

    /// <summary>The most tokens of a text that are read, special ones counted.</summary>
    public int MaxSequenceLength => _description.MaxSequenceLength;

    /// <summary>What is put in front of every query; empty for most models.</summary>
    public string QueryPrompt => _description.Prompts.Query;

    /// <summary>What is put in front of every passage; empty for most models.</summary>
    public string PassagePrompt => _description.Prompts.Passage;

    /// <summary>Whether the weights are 8-bit whole numbers.</summary>
    public bool Int8Weights => _description.Weights == OnnxWeights.Int8;

    /// <summary>The fingerprint of the model that the export was made of: an index of its vectors carries the same.</summary>
    public string ModelHash => _description.ModelHash;

    /// <summary>Whether this process can load exports: whether ONNX Runtime's native library is there for this system and processor.</summary>
    public static bool IsSupported => OnnxSession.IsSupported;

    /// <summary>Loads the adapted model of a run from its export.</summary>
    /// <param name="run">The run folder. Its model may be missing, as where the run was copied without it; where it is there, the export must be of it.</param>
    /// <param name="options">How to compute.</param>
    /// <exception cref="GenQException">As for <see cref="Load"/>; or a file of the export is not what the run has written.</exception>
    public static OnnxEncoder OfRun(RunFolder run, OnnxEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        options ??= new OnnxEncoderOptions();

        // Reading all of it takes a tenth of a second that a search would wait for: it is done beside the loading.
        Task checking = Task.Run(() => new RunFiles(run).RequireWritten(new RunRecords(run.Settings).Files("export"), run.Onnx, FileSeal.MostCheckedWhenOpened));
        OnnxEncoder? encoder = null;
        try
        {
            encoder = Load(run.Onnx, options with { Model = options.Model ?? (Directory.Exists(run.Model) ? run.Model : null) });
            checking.GetAwaiter().GetResult();
            return encoder;
        }
        catch (Exception e)
        {
            encoder?.Dispose();

            // Damage tells more than what came of it.
            checking.GetAwaiter().GetResult();
            if (e is not GenQException { Remedy: Remedy.Export } other) throw;
            throw new GenQException(e.Message, e) { Where = other.Where, Expected = other.Expected, Got = other.Got, Remedy = new Remedy.RunStage("export", run.Path) };
        }
    }

    /// <summary>Loads an exported encoder.</summary>
    /// <param name="folder">A folder that <see cref="OnnxExport.Write"/> has written.</param>
    /// <param name="options">How to compute, and of which model the export must be.</param>
    /// <exception cref="GenQException">
    /// A file is missing, broken, of a newer version or of another export, the model has changed since, or ONNX Runtime's native library is missing.
    /// </exception>
    public static OnnxEncoder Load(string folder, OnnxEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        options ??= new OnnxEncoderOptions();
        OnnxDescription description = OnnxDescription.Read(folder);
        if (options.Model is { } model) RequireSameModel(folder, description, model);
        string graph = Path.Combine(folder, OnnxDescription.GraphFile);
        RequireWhole(folder, graph, null);
        RequireWhole(folder, Path.Combine(folder, OnnxDescription.WeightsFile), description.WeightBytes);
        using Task<InferenceSession> opening = Task.Run(() => OnnxSession.Open(graph, options.Threads, options.QuickStart));
        try
        {
            ITokenizer tokenizer = Tokenizer.Load(folder);
            RequireSameExport(folder, description, tokenizer, graph, opening.GetAwaiter().GetResult());
            return new OnnxEncoder(description, tokenizer, opening.Result, options.BatchTokens);
        }
        catch
        {
            if (Task.WhenAny(opening).GetAwaiter().GetResult().IsCompletedSuccessfully) opening.Result.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Encode(_description.Prompts.Text, texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Encode(QueryPrompt, texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Encode(PassagePrompt, texts, progress, cancellation);

    /// <summary>Counts the tokens of a passage, the prompt and the special ones included, before any is cut off.</summary>
    public int CountTokens(string text) => Tokenize(PassagePrompt, text, int.MaxValue).Length;

    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != Dimensions)
            throw new NotSupportedException($"{dimensions} dimensions were asked for, but the model gives {Dimensions}.");

        // On the pool: the caller may be a thread that must not be held, such as one that paints a window.
        string[] texts = [.. values];
        return Task.Run(
            () => new GeneratedEmbeddings<Embedding<float>>(Encode(texts, null, cancellationToken)
                .Select(vector => new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId })),
            cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        return serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static void RequireSameModel(string folder, OnnxDescription description, string model)
    {
        if (description.ModelStamp is { } stamp && stamp == Fingerprint.StampOfModel(model)) return;
        string now = Fingerprint.OfModel(model);
        if (now == description.ModelHash) return;
        throw OnnxDescription.Failure(
            folder,
            folder,
            $"'{folder}' was exported from {description.ModelHash} ('{description.Model}'), but '{model}' is {now} now: the model has changed since, "
            + "or it is another. Export it again.",
            now,
            description.ModelHash,
            model);
    }

    private static void RequireSameExport(string folder, OnnxDescription description, ITokenizer tokenizer, string graph, InferenceSession session)
    {
        if (tokenizer.VocabularySize > description.VocabularySize)
        {
            throw OnnxDescription.Failure(
                folder,
                folder,
                $"The tokenizer in '{folder}' has {tokenizer.VocabularySize} ids, but {OnnxDescription.GraphFile} knows {description.VocabularySize}: "
                + "the two are of different models. Export the encoder again.");
        }

        if (session.OutputMetadata.TryGetValue(OnnxExport.Vectors, out NodeMetadata? vectors) && vectors.Dimensions is [.., > 0 and var width] && width != description.Dimensions)
        {
            throw OnnxDescription.Failure(
                folder,
                graph,
                $"'{graph}' gives vectors of {width} numbers, but {OnnxDescription.FileName} beside it says {description.Dimensions}. Export the encoder again.",
                $"{description.Dimensions}",
                $"{width}");
        }

        PromptedText.RequireRoom(tokenizer, description.MaxSequenceLength, folder);
        string? hash = session.ModelMetadata.CustomMetadataMap.GetValueOrDefault(OnnxExport.ModelHashKey);
        if (hash == description.ModelHash) return;
        throw OnnxDescription.Failure(
            folder,
            graph,
            $"'{graph}' was made of the model {hash ?? "of another program"}, but {OnnxDescription.FileName} beside it says {description.ModelHash}: "
            + "the files are of different exports. Export the encoder again.",
            description.ModelHash,
            hash);
    }

    private static void RequireWhole(string folder, string file, long? bytes)
    {
        if (!File.Exists(file)) throw OnnxDescription.Failure(folder, file, $"'{file}' is missing: the export is not whole. Export the encoder again.");
        long found = new FileInfo(file).Length;
        if (bytes is not { } expected || found == expected) return;
        throw OnnxDescription.Failure(
            folder,
            file,
            $"'{file}' has {found} bytes, expected are {expected}: it is cut off, or of another export. Export the encoder again.",
            $"{expected} bytes",
            $"{found} bytes");
    }

    private float[][] Encode(string prompt, IReadOnlyList<string> texts, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int[][] ids = [.. texts.Select(text => Tokenize(prompt, text, MaxSequenceLength))];
        float[][] vectors = new float[ids.Length][];
        using RunOptions run = new();
        int done = 0;
        foreach (int[] batch in PaddedBatches.Of([.. ids.Select(text => text.Length)], _batchTokens))
        {
            cancellation.ThrowIfCancellationRequested();
            EncodeBatch(run, ids, batch, vectors);
            progress?.Report(done += batch.Length);
        }

        return vectors;
    }

    private void EncodeBatch(RunOptions run, int[][] texts, int[] batch, float[][] vectors)
    {
        int length = texts[batch[0]].Length;
        long[] shape = [batch.Length, length], ids = new long[batch.Length * length], mask = new long[ids.Length];
        Array.Fill(ids, _tokenizer.PadId);
        for (int i = 0; i < batch.Length; i++)
        {
            int[] text = texts[batch[i]];
            for (int j = 0; j < text.Length; j++) (ids[i * length + j], mask[i * length + j]) = (text[j], 1);
        }

        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape), maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(run, [OnnxExport.Ids, OnnxExport.Mask], [idsValue, maskValue], [OnnxExport.Vectors]);
        ReadOnlySpan<float> rows = results[0].GetTensorDataAsSpan<float>();
        VectorCheck.RequireFinite(rows, _description.Model);
        for (int i = 0; i < batch.Length; i++) vectors[batch[i]] = rows.Slice(i * Dimensions, Dimensions).ToArray();
    }

    private int[] Tokenize(string prompt, string text, int maxLength) => PromptedText.Encode(_tokenizer, prompt, text, _description.LowerCase, maxLength);
}
