using System.Globalization;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Training;

/// <summary>Makes an encoder to be trained from scratch: of random weights, or with the word embeddings or the layers of another.</summary>
public static class FreshEncoder
{
    /// <summary>BERT's deviation of fresh weights, MPNet's too.</summary>
    internal const double Deviation = 0.02;

    private const string OriginFile = "made-from.txt";

    // Sizes, pooling, prompts and the longest text.
    private static readonly string[] Described =
        ["config.json", "modules.json", "1_Pooling/config.json", "config_sentence_transformers.json", "sentence_bert_config.json"];

    /// <summary>Writes an untrained checkpoint; one that was made from the very same is left as it is.</summary>
    /// <param name="sizes">
    /// A folder with config.json and the tokenizer's files; where it has sentence-transformers' files of pooling, prompts and longest text, they are
    /// taken over.
    /// </param>
    /// <param name="output">Receives the checkpoint, and last made-from.txt: where it is, the checkpoint is whole.</param>
    /// <param name="seed">Where the weights come from.</param>
    /// <param name="wordEmbeddings">
    /// A checkpoint whose word embeddings are taken over for every word that both vocabularies hold, projected on their
    /// principal directions where the new width is smaller, else as they are: meaning of words at the start, nothing of sentences.
    /// </param>
    /// <param name="layersOf">
    /// A BERT that an MPNet or a smaller BERT begins as: word embeddings, positions and the first layers are taken over. An MPNet's bias of distance is
    /// zero, so that of as many layers both say the same of every token. Where the new network's feed-forward halves are narrower, the units whose weights have the largest product of norms are
    /// kept. Not together with <paramref name="wordEmbeddings"/>.
    /// </param>
    /// <exception cref="GenQException">
    /// A file is missing or cannot be written, the embeddings are narrower than the new network, or the layers do not fit.
    /// </exception>
    public static void Create(string sizes, string output, long seed, string? wordEmbeddings = null, string? layersOf = null)
    {
        if (wordEmbeddings is not null && layersOf is not null)
            throw new GenQException($"Word embeddings were to come from '{wordEmbeddings}' and, with the layers, from '{layersOf}': give one of the two.");
        ArgumentNullException.ThrowIfNull(output);
        NativeSwitches.Apply();
        ITokenizer tokenizer = Tokenizer.Load(sizes);
        string originFile = Path.Combine(output, OriginFile), origin = Origin(sizes, seed, wordEmbeddings, layersOf);
        if (File.Exists(originFile))
        {
            if (File.ReadAllText(originFile) == origin) return;
            File.Delete(originFile);
        }

        using IDisposable guard = no_grad();
        using IDisposable scope = NewDisposeScope();
        TorchRandom.Seed(new CounterRandom(seed));
        using EncoderNetwork network = EncoderFamilies.Read(Path.Combine(sizes, "config.json")).Build();
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal)) init.zeros_(parameter);
            else if (EncoderNetwork.IsNorm(name)) init.ones_(parameter);
            else init.normal_(parameter, 0, Deviation);
        }

        if (wordEmbeddings is not null) TakeOver(network, Vocabulary(sizes), ModelFolder.Resolve(wordEmbeddings), withLayers: false);
        if (layersOf is not null) TakeOver(network, Vocabulary(sizes), ModelFolder.Resolve(layersOf), withLayers: true);
        Checkpoint.Save(network, output);
        tokenizer.Save(output);
        foreach (string file in Described.Where(file => File.Exists(Path.Combine(sizes, file)))) AtomicFile.Copy(Path.Combine(sizes, file), Path.Combine(output, file));
        AtomicFile.WriteText(originFile, writer => writer.Write(origin));
    }

    // All that decides the weights.
    private static string Origin(string sizes, long seed, string? wordEmbeddings, string? layersOf) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        sizes {Fingerprint.OfModel(sizes)}
        seed {seed}
        word embeddings {(wordEmbeddings is null ? "none" : Fingerprint.OfModel(ModelFolder.Resolve(wordEmbeddings)))}

        """) + (layersOf is null ? "" : $"layers {Fingerprint.OfModel(ModelFolder.Resolve(layersOf))}\n");

    private static void TakeOver(EncoderNetwork network, string[] words, string teacher, bool withLayers)
    {
        using EncoderNetwork source = EncoderNetwork.Load(teacher);
        if (withLayers) LayerTransfer.Copy(source, network, teacher);
        Tensor known = Words(source), target = Words(network);
        long width = target.shape[1];
        if (known.shape[1] < width)
        {
            throw new GenQException($"'{teacher}' has word embeddings of width {known.shape[1]}; they cannot start a network of width {width}.");
        }

        Tensor projected = known.shape[1] == width ? known : Project(known, width);
        Dictionary<string, int> rows = Vocabulary(teacher).Select((word, i) => (word, i)).ToDictionary(w => w.word, w => w.i);
        IEnumerable<string> names = withLayers ? words.Select(word => rows.ContainsKey(word) ? word : LayerTransfer.SpecialWords.GetValueOrDefault(word, word)) : words;
        (int To, int From)[] shared = [.. names.Select((word, i) => (i, rows.GetValueOrDefault(word, -1))).Where(pair => pair.Item2 >= 0)];
        target.index_copy_(
            0, tensor([.. shared.Select(pair => (long)pair.To)]), projected.index_select(0, tensor([.. shared.Select(pair => (long)pair.From)])));
    }

    // (words, width of the teacher) -> (words, width): the directions in which the embeddings differ most.
    private static Tensor Project(Tensor known, long width)
    {
        Tensor centred = known.Minus(known.mean([0]));
        (_, _, Tensor directions) = linalg.svd(centred, fullMatrices: false);
        Tensor projected = centred.matmul(directions.narrow(0, 0, width).t());
        return projected.Times(Deviation / projected.std().item<float>());
    }

    private static Parameter Words(EncoderNetwork network)
        => network.named_parameters().First(p => p.name == "embeddings.word_embeddings.weight").parameter;

    private static string[] Vocabulary(string folder)
    {
        string file = Path.Combine(folder, "vocab.txt");
        return File.Exists(file)
            ? File.ReadAllLines(file)
            : throw new GenQException($"'{folder}' has no vocab.txt: the words of both networks are matched by it.");
    }
}
