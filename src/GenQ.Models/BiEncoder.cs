using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;
using Microsoft.Extensions.AI;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>
/// A sentence encoder: reads a text, gives a vector. Queries and passages go through the same network, each alone, so
/// that the vectors of all passages can be computed before any query is known (Reimers and Gurevych 2019, "Sentence-BERT").
/// </summary>
/// <remarks>
/// Reads and writes the folders of sentence-transformers, versions 2 to 6. Thread-safe except for <see cref="Dispose"/>.
/// The vector of a text does not depend on the texts beside it, but for the last digits.
/// </remarks>
public sealed class BiEncoder : ISentenceEncoder, IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly SentenceTransformersFolder _settings;
    private readonly ITokenizer _tokenizer;
    private readonly BiEncoderOptions _options;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly Lazy<string> _modelHash;

    private BiEncoder(
        string name, string folder, SentenceTransformersFolder settings, EncoderNetwork network, ITokenizer tokenizer, BiEncoderOptions options)
    {
        (_settings, Network, _tokenizer, _options) = (settings, network, tokenizer, options);

        // A tokenizer without a limit, or one that counts rows that hold no position, must not lead beyond the table.
        MaxSequenceLength = Math.Min(options.MaxSequenceLength ?? settings.MaxSequenceLength ?? network.MaxLength, network.MaxLength);
        PromptedText.RequireRoom(tokenizer, MaxSequenceLength, name);
        _metadata = new EmbeddingGeneratorMetadata("genq", defaultModelId: name, defaultModelDimensions: Dimensions);
        _modelHash = new Lazy<string>(() => Fingerprint.OfModel(folder));
    }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => Network.HiddenSize;

    /// <summary>The most tokens of a text that are read, special ones counted.</summary>
    public int MaxSequenceLength { get; }

    /// <summary>What is put in front of every query; empty for most models.</summary>
    public string QueryPrompt => _settings.QueryPrompt;

    /// <summary>What is put in front of every passage; empty for most models.</summary>
    public string PassagePrompt => _settings.PassagePrompt;

    /// <inheritdoc/>
    /// <remarks>Of the folder that it was loaded from, read when it is first asked for.</remarks>
    public string ModelHash => _modelHash.Value;

    /// <summary>The network, for training.</summary>
    internal EncoderNetwork Network { get; }

    /// <summary>Loads a sentence-transformers folder, or the plain checkpoint of an encoder, which gets mean pooling.</summary>
    /// <param name="nameOrFolder">A folder, or a model's name on the Hugging Face hub.</param>
    /// <param name="options">How to compute.</param>
    /// <exception cref="GenQException">A file is missing or broken, or the model has a part that is not built.</exception>
    public static BiEncoder Load(string nameOrFolder, BiEncoderOptions? options = null) => LoadOn("cpu", nameOrFolder, options);

    /// <summary>As <see cref="Load"/>, but for where to compute: "cpu", "cuda" or "cuda:1". CUDA has not been run.</summary>
    internal static BiEncoder LoadOn(string deviceName, string nameOrFolder, BiEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(nameOrFolder);
        options ??= new BiEncoderOptions();
        NativeSwitches.Apply();
        string folder = ModelFolder.Resolve(nameOrFolder);
        SentenceTransformersFolder settings = SentenceTransformersFolder.Read(folder);
        Device device = OpenDevice(deviceName);
        if (options.Int8Weights && device.type != DeviceType.CPU)
            throw new GenQException($"Weights of 8 bits are for the CPU: leave {nameof(options.Int8Weights)} out on device '{deviceName}'.");
        EncoderNetwork network = EncoderNetwork.Load(settings.TransformerFolder);
        ITokenizer tokenizer = Tokenizer.Load(settings.TransformerFolder);
        if (tokenizer.VocabularySize > network.VocabularySize)
        {
            throw new GenQException(
                $"'{settings.TransformerFolder}' has a tokenizer of {tokenizer.VocabularySize} ids, but config.json says vocab_size "
                + $"{network.VocabularySize}: the two are of different models.");
        }

        Precision precision = options.Precision == Precision.Auto && device.type != DeviceType.CPU
            ? Precision.Bf16
            : CpuFeatures.Current.Resolve(options.Precision);
        if (precision == Precision.Bf16) network.ConvertLinearLayers(ScalarType.BFloat16);
        if (options.Int8Weights) network.UseInt8();
        if (device.type != DeviceType.CPU) network.to(device);
        return new BiEncoder(nameOrFolder, folder, settings, network, tokenizer, options);
    }

    /// <inheritdoc/>
    public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Encode(_settings.DefaultPrompt, texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Encode(QueryPrompt, texts, progress, cancellation);

    /// <inheritdoc/>
    public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => Encode(PassagePrompt, texts, progress, cancellation);

    /// <summary>Counts the tokens of a passage, the prompt and the special ones included, before any is cut off.</summary>
    public int CountTokens(string text) => Tokenize(PassagePrompt, text, int.MaxValue).Length;

    /// <summary>Writes a sentence-transformers folder in the layout that versions 2 to 6 read, with the weights in fp32.</summary>
    /// <param name="folder">Created where missing. The weights are written last: where they are, the model is whole.</param>
    /// <param name="card">What README.md says; no README.md is written without it.</param>
    /// <remarks>
    /// Matrix multiplication in bf16 has rounded the weights: load with <see cref="Precision.Fp32"/> what shall be saved again unchanged.
    /// </remarks>
    /// <exception cref="GenQException">The folder cannot be written.</exception>
    public void Save(string folder, ModelCard? card = null) => Save(folder, card, Network.state_dict().Select(weight => KeyValuePair.Create(weight.Key, weight.Value.to(ScalarType.Float32))));

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
    public void Dispose() => Network.Dispose();

    /// <summary>Saves other weights than the network's own: those of a training, in the precision they come in.</summary>
    internal void Save(string folder, ModelCard? card, IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        string file = Path.Combine(folder, "model.safetensors");
        Disk.Current.Delete(file);
        _settings.Write(folder, MaxSequenceLength, Dimensions, EncoderFamilies.ArchitectureOf(_settings.Config));
        _tokenizer.Save(folder);
        if (card is not null)
        {
            bool hasPrompts = QueryPrompt.Length + PassagePrompt.Length > 0;
            string readme = Path.Combine(folder, "README.md");
            AtomicFile.WriteText(readme, writer => card.Write(writer, Dimensions, MaxSequenceLength, hasPrompts));
        }

        TensorFile.Write(file, weights);
    }

    /// <summary>The ids of a query as the network reads them.</summary>
    internal int[] TokenizeQuery(string query) => Tokenize(QueryPrompt, query, MaxSequenceLength);

    /// <summary>The ids of a passage as the network reads them.</summary>
    internal int[] TokenizePassage(string passage) => Tokenize(PassagePrompt, passage, MaxSequenceLength);

    /// <summary>Encodes token sequences, without gradients, in batches of like length.</summary>
    /// <param name="ids">From <see cref="TokenizeQuery"/> or <see cref="TokenizePassage"/>.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>A vector of <see cref="Dimensions"/> numbers for each, in the same order.</returns>
    internal float[][] EncodeTokens(int[][] ids, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        using IDisposable guard = no_grad();
        float[][] vectors = new float[ids.Length][];
        int[][] batches = [.. Batches(ids, _options.BatchTokens, Network.Device.type == DeviceType.CPU ? Threads.Count : 1)];
        int done = 0;
        if (Network.Device.type == DeviceType.CPU) Threads.SideBySide(batches.Length, EncodeBatch);
        else for (int number = 0; number < batches.Length; number++) EncodeBatch(number);
        return vectors;

        void EncodeBatch(int number)
        {
            cancellation.ThrowIfCancellationRequested();
            using IDisposable scope = NewDisposeScope();
            int[] batch = batches[number];
            float[] rows = Embed([.. batch.Select(i => ids[i])]).cpu().data<float>().ToArray();
            VectorCheck.RequireFinite(rows, _metadata.DefaultModelId!);
            for (int i = 0; i < batch.Length; i++) vectors[batch[i]] = rows.AsSpan(i * Dimensions, Dimensions).ToArray();
            lock (batches) progress?.Report(done += batch.Length);
        }
    }

    /// <summary>Encodes token sequences, with gradients unless the caller has switched them off.</summary>
    /// <param name="sequences">At least one, from <see cref="TokenizeQuery"/> or <see cref="TokenizePassage"/>.</param>
    /// <returns>(sequences, dimensions), fp32.</returns>
    internal Tensor Embed(IReadOnlyList<int[]> sequences)
    {
        using IDisposable scope = NewDisposeScope();
        PackedBatch batch = Network.Pack(sequences);
        return Pool(Network.Forward(batch), batch).MoveToOuterDisposeScope();
    }

    /// <summary>Makes the texts' vectors of the last layer's states.</summary>
    /// <param name="states">(rows, dimensions), fp32.</param>
    /// <param name="batch">Which rows are which sequence's.</param>
    /// <returns>(sequences, dimensions), fp32.</returns>
    internal Tensor Pool(Tensor states, PackedBatch batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor vectors = Pooling.Pool(states, batch, _settings.Pooling);
        if (_settings.Normalize) vectors = UnitVectors.Of(vectors);
        return vectors.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Puts texts of like length together, the longest first: if memory does not suffice, it shows at once. Where one batch does not hold them all,
    /// there are as many for each worker, of about equally many tokens, so that none waits for another at the end.
    /// </summary>
    /// <param name="ids">The tokens of each text.</param>
    /// <param name="batchTokens">The most tokens of a batch; a longer text goes alone.</param>
    /// <param name="workers">How many batches are computed at a time.</param>
    /// <returns>Batches of indices of <paramref name="ids"/>.</returns>
    internal static IEnumerable<int[]> Batches(int[][] ids, int batchTokens, int workers)
    {
        int[] order = [.. Enumerable.Range(0, ids.Length).OrderByDescending(i => ids[i].Length)];
        long total = ids.Sum(text => (long)text.Length), count = 1;
        if (total > batchTokens)
        {
            // A batch may end half a text beyond its even share, and must hold that too.
            long room = Math.Max(batchTokens - ids[order[0]].Length, batchTokens / 2);
            count = (total + room * workers - 1) / (room * workers) * workers;
        }

        List<int> batch = [];
        long tokens = 0, before = 0, share = 0;
        foreach (int i in order)
        {
            int length = ids[i].Length;
            long shareOfText = (before + length / 2) * count / total;
            if (batch.Count > 0 && (shareOfText > share || tokens + length > batchTokens))
            {
                yield return [.. batch];
                batch.Clear();
                tokens = 0;
            }

            share = shareOfText;
            batch.Add(i);
            tokens += length;
            before += length;
        }

        if (batch.Count > 0) yield return [.. batch];
    }

    private static Device OpenDevice(string name)
    {
        Device device;
        try
        {
            device = torch.device(name);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new GenQException($"There is no device '{name}'; devices are 'cpu', 'cuda' and 'cuda:N'.", e);
        }

        if (device.type == DeviceType.CUDA && !cuda.is_available())
            throw new GenQException($"torch finds no GPU for device '{name}'. Use 'cpu', or reference the CUDA build of libtorch.");
        return device;
    }

    private float[][] Encode(string prompt, IReadOnlyList<string> texts, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return EncodeTokens([.. texts.Select(text => Tokenize(prompt, text, MaxSequenceLength))], progress, cancellation);
    }

    private int[] Tokenize(string prompt, string text, int maxLength) => PromptedText.Encode(_tokenizer, prompt, text, _settings.LowerCase, maxLength);
}
