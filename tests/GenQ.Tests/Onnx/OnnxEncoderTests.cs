using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using GenQ.Data;
using GenQ.Onnx;
using GenQ.Tests.Encoders;
using Microsoft.Extensions.AI;

namespace GenQ.Tests.Onnx;

public sealed class OnnxEncoderTests : IDisposable
{
    private readonly EncoderGolden _golden = new("mpnet-tiny");
    private readonly TemporaryFolder _folder = new();

    public OnnxEncoderTests() => OnnxExport.Write(_golden.Folder, _folder["onnx"]);

    public void Dispose()
    {
        _golden.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Vectors_come_in_the_order_of_the_texts_however_they_are_batched()
    {
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"], new OnnxEncoderOptions { BatchTokens = 30, Threads = 1 });
        List<int> done = [];
        EncoderGolden.AssertClose(_golden["embeddings"], encoder.Encode(_golden.Texts, new SynchronousProgress<int>(done.Add)), 2e-5);
        Assert.True(done.Count > 2, "the texts should need several batches");
        Assert.Equal(_golden.Texts.Length, done[^1]);
        Assert.Empty(encoder.Encode([]));
    }

    [Fact]
    public void Several_threads_may_encode_at_once()
    {
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"]);
        float[][][] vectors = new float[8][][];
        Parallel.For(0, vectors.Length, i => vectors[i] = encoder.Encode(_golden.Texts));
        Assert.All(vectors, rows => EncoderGolden.AssertClose(_golden["embeddings"], rows, 2e-5));
    }

    [Fact]
    public void A_text_is_cut_at_the_models_limit_but_counted_whole()
    {
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"]);
        string words = string.Join(' ', Enumerable.Repeat("the", 200));
        Assert.Equal(202, encoder.CountTokens(words));
        Assert.Equal(encoder.Encode([words])[0], encoder.Encode([words + " the"])[0], (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public async Task It_is_an_embedding_generator_of_Microsoft_Extensions_AI()
    {
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"]);
        GeneratedEmbeddings<Embedding<float>> embeddings = await encoder.GenerateAsync(_golden.Texts);
        EncoderGolden.AssertClose(_golden["embeddings"], [.. embeddings.Select(e => e.Vector.ToArray())], 2e-5);
        EmbeddingGeneratorMetadata metadata = ((IEmbeddingGenerator)encoder).GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal((32, "mpnet-tiny"), (metadata.DefaultModelDimensions, metadata.DefaultModelId));
        Assert.Same(encoder, ((IEmbeddingGenerator)encoder).GetService<OnnxEncoder>());
        await Assert.ThrowsAsync<NotSupportedException>(() => encoder.GenerateAsync(["text"], new EmbeddingGenerationOptions { Dimensions = 7 }));
    }

    [Fact]
    public async Task Cancellation_stops_between_batches()
    {
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"], new OnnxEncoderOptions { BatchTokens = 1 });
        using CancellationTokenSource stop = new();
        List<int> done = [];
        Assert.Throws<OperationCanceledException>(() => encoder.Encode(
            _golden.Texts,
            new SynchronousProgress<int>(count =>
            {
                done.Add(count);
                stop.Cancel();
            }),
            stop.Token));
        Assert.Equal([1], done);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => encoder.GenerateAsync(_golden.Texts, cancellationToken: stop.Token));
    }

    [Fact]
    public void A_model_that_has_changed_since_is_told_with_what_mends_it()
    {
        _golden.CopyTo(_folder["model"]);
        OnnxExport.Write(_folder["model"], _folder["onnx"]);
        OnnxEncoderOptions options = new() { Model = _folder["model"] };
        OnnxEncoder.Load(_folder["onnx"], options).Dispose();
        File.AppendAllText(_folder["model", "config_sentence_transformers.json"], """{"prompts": {"query": "ask: "}}""");
        GenQException e = Assert.Throws<GenQException>(() => OnnxEncoder.Load(_folder["onnx"], options));
        Assert.Contains($"but '{_folder["model"]}' is {e.Expected} now: the model has changed since", e.Message, StringComparison.Ordinal);
        Assert.Equal(new Remedy.Export(_folder["model"], _folder["onnx"]), e.Remedy);
        OnnxEncoder.Load(_folder["onnx"]).Dispose();
    }

    [Theory]
    [InlineData("genq-onnx.json", "has no genq-onnx.json: it is no exported encoder, or its export did not finish")]
    [InlineData("model.onnx", "model.onnx' is missing: the export is not whole")]
    [InlineData("model.onnx.data", "model.onnx.data' is missing: the export is not whole")]
    public void A_missing_file_is_named_with_what_mends_it(string file, string message)
    {
        File.Delete(_folder["onnx", file]);
        AssertFails(message, _folder["onnx", file]);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        Directory.Delete(_folder["onnx"], recursive: true);
        AssertFails($"There is no folder '{_folder["onnx"]}'", _folder["onnx", "genq-onnx.json"]);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "has format 2; this version reads up to 1. Update GenQ, or export the encoder again")]
    [InlineData("\"format\": 1", "\"format\": \"new\"", "does not describe an exported encoder")]
    [InlineData("\"format\": 1", "\"shape\": 1", "does not describe an exported encoder")]
    [InlineData("\"dimensions\": 32,", "", "does not describe an exported encoder")]
    [InlineData("{", "[", "does not describe an exported encoder")]
    public void A_description_of_another_version_or_none_is_told(string text, string replacement, string message)
    {
        string file = _folder["onnx", "genq-onnx.json"];
        File.WriteAllText(file, File.ReadAllText(file).Replace(text, replacement, StringComparison.Ordinal));
        AssertFails(message, file);
    }

    [Fact]
    public void Weights_that_are_cut_off_are_told()
    {
        using (FileStream file = File.OpenWrite(_folder["onnx", "model.onnx.data"])) file.SetLength(4096);
        AssertFails("model.onnx.data' has 4096 bytes, expected are", _folder["onnx", "model.onnx.data"]);
    }

    [Fact]
    public void A_graph_of_another_export_is_told()
    {
        using EncoderGolden other = new("bert-tiny");
        OnnxExport.Write(other.Folder, _folder["other"]);
        File.Copy(_folder["other", "model.onnx"], _folder["onnx", "model.onnx"], overwrite: true);
        File.Copy(_folder["other", "model.onnx.data"], _folder["onnx", "model.onnx.data"], overwrite: true);
        string json = File.ReadAllText(_folder["onnx", "genq-onnx.json"]);
        string own = $"\"weight_bytes\": {new FileInfo(_folder["onnx", "model.onnx.data"]).Length}";
        File.WriteAllText(_folder["onnx", "genq-onnx.json"], System.Text.RegularExpressions.Regex.Replace(json, "\"weight_bytes\": [0-9]+", own));
        AssertFails("the files are of different exports", _folder["onnx", "model.onnx"]);
    }

    [Fact]
    public void A_graph_that_is_none_is_told()
    {
        File.WriteAllText(_folder["onnx", "model.onnx"], "words");
        AssertFails("ONNX Runtime cannot load", _folder["onnx", "model.onnx"]);
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_told()
    {
        foreach (string file in (string[])["tokenizer.json", "vocab.txt", "tokenizer_config.json"]) File.Delete(_folder["onnx", file]);
        foreach (string file in (string[])["tokenizer.json", "tokenizer_config.json"])
            File.Copy(Shared.Golden("checkpoints", "xlm-roberta-tiny", file), _folder["onnx", file]);
        string json = File.ReadAllText(_folder["onnx", "genq-onnx.json"]);
        File.WriteAllText(_folder["onnx", "genq-onnx.json"], System.Text.RegularExpressions.Regex.Replace(json, "\"vocabulary_size\": [0-9]+", "\"vocabulary_size\": 99"));
        AssertFails("but model.onnx knows 99: the two are of different models", _folder["onnx"]);
    }

    [Fact]
    public void A_native_library_that_is_missing_is_told_with_the_package_that_brings_it()
    {
        AnotherRuntime context = new();
        NativeLibrary.SetDllImportResolver(
            context.LoadFromAssemblyName(new AssemblyName("Microsoft.ML.OnnxRuntime")),
            (name, _, _) => throw new DllNotFoundException($"Unable to load shared library '{name}' or one of its dependencies."));
        MethodInfo load = context.LoadFromAssemblyName(typeof(OnnxEncoder).Assembly.GetName()).GetType(typeof(OnnxEncoder).FullName!, true)!
            .GetMethod(nameof(OnnxEncoder.Load))!;
        TargetInvocationException e = Assert.Throws<TargetInvocationException>(() => load.Invoke(null, [_folder["onnx"], null]));
        GenQException told = Assert.IsType<GenQException>(e.InnerException);
        Assert.Contains("The native library of ONNX Runtime cannot be loaded: Unable to load shared library", told.Message, StringComparison.Ordinal);
        Assert.Contains("Reference the package Microsoft.ML.OnnxRuntime", told.Message, StringComparison.Ordinal);
        Assert.Equal(AppContext.BaseDirectory, told.Where);
    }

    private void AssertFails(string message, string where)
    {
        GenQException e = Assert.Throws<GenQException>(() => OnnxEncoder.Load(_folder["onnx"]));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Equal(where, e.Where);
        Assert.Equal(new Remedy.Export(null, _folder["onnx"]), e.Remedy);
    }

    /// <summary>Loads the encoder and ONNX Runtime's managed part once more, apart from what the tests have loaded.</summary>
    private sealed class AnotherRuntime() : AssemblyLoadContext("another runtime")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => assemblyName.Name is "GenQ.Onnx" or "Microsoft.ML.OnnxRuntime"
            ? LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll"))
            : null;
    }
}
