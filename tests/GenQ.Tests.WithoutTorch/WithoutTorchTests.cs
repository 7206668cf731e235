using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Documents;
using GenQ.Onnx;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Tests.WithoutTorch;

/// <summary>What must work where there is no tensor library: this project references none.</summary>
public sealed class WithoutTorchTests : IDisposable
{
    private static readonly string Golden = FindGolden();

    private readonly string _folder = Directory.CreateTempSubdirectory("genq-test-").FullName;

    // What a test has used is loaded by then.
    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), assembly => IsOfTorch(assembly.GetName().Name!));
    }

    [Fact]
    public void No_file_of_torch_is_beside_the_tests()
        => Assert.DoesNotContain(Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories), file => IsOfTorch(Path.GetFileName(file)));

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("bert-tiny")]
    public void A_model_folders_tokenizer_gives_the_ids_of_the_reference(string model)
    {
        string folder = Path.Combine(Golden, "checkpoints", model);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        string[] texts = [.. expected.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        Dictionary<string, long[]> tensors = SafeTensors.Enumerate(Path.Combine(folder, "expected.safetensors"))
            .Where(stored => stored.Info.Type == NumberType.I64)
            .ToDictionary(stored => stored.Info.Name, stored => MemoryMarshal.Cast<byte, long>(stored.ReadBytes()).ToArray());
        int width = tensors["input_ids"].Length / texts.Length;
        ITokenizer tokenizer = Tokenizer.Load(ModelFolder.Resolve(folder));
        for (int row = 0; row < texts.Length; row++)
        {
            int length = (int)tensors["attention_mask"].Skip(row * width).Take(width).Sum();
            Assert.Equal(tensors["input_ids"].Skip(row * width).Take(length), tokenizer.Encode(texts[row]).Select(id => (long)id));
        }
    }

    [Fact]
    public void A_T5s_tokenizer_gives_the_ids_of_the_reference()
    {
        File.Copy(Path.Combine(Golden, "tokenizers", "t5-8k.spiece.model"), Path.Combine(_folder, "spiece.model"));
        ITokenizer tokenizer = Tokenizer.Load(_folder);
        const int End = 1;
        using StreamReader cases = new(new GZipStream(File.OpenRead(Path.Combine(Golden, "tokenizers", "cases.jsonl.gz")), CompressionMode.Decompress));
        for (int read = 0; read < 200; read++)
        {
            using JsonDocument golden = JsonDocument.Parse(cases.ReadLine()!);
            Assert.Equal(
                golden.RootElement.GetProperty("sentencepiece").EnumerateArray().Select(id => id.GetInt32()).Append(End),
                tokenizer.Encode(golden.RootElement.GetProperty("text").GetString()!));
        }
    }

    [Fact]
    public void A_model_folders_weights_are_listed_and_read()
    {
        string folder = Path.Combine(Golden, "checkpoints", "mpnet-tiny");
        SafeTensorsHeader header = SafeTensors.ReadHeader(Assert.Single(WeightFiles.Find(folder)));
        Assert.Equal("pt", header.Metadata["format"]);
        Assert.Equal(WeightFiles.Names(folder), header.Tensors.Select(tensor => tensor.Name));
        foreach (StoredTensor stored in WeightFiles.Enumerate(WeightFiles.Find(folder)[0]))
        {
            Assert.Equal(NumberType.F32, stored.Info.Type);
            Assert.All(MemoryMarshal.Cast<byte, float>(stored.ReadBytes()).ToArray(), number => Assert.True(float.IsFinite(number)));
        }
    }

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("bert-tiny")]
    [InlineData("distilbert-tiny")]
    [InlineData("xlm-roberta-tiny")]
    public void An_encoder_is_exported_and_gives_the_vectors_of_the_reference(string model)
    {
        string folder = Path.Combine(Golden, "checkpoints", model), export = Path.Combine(_folder, "onnx");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        string[] texts = [.. golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        float[] expected = SafeTensors.Enumerate(Path.Combine(folder, "expected.safetensors")).Where(stored => stored.Info.Name == "embeddings")
            .Select(stored => MemoryMarshal.Cast<byte, float>(stored.ReadBytes()).ToArray()).First();
        OnnxExport.Write(folder, export);
        using OnnxEncoder encoder = OnnxEncoder.Load(export, new OnnxEncoderOptions { Model = folder });
        Assert.Equal(expected, encoder.EncodePassages(texts).SelectMany(vector => vector), (a, b) => Math.Abs(a - b) < 2e-5);
    }

    [Fact]
    public void A_run_is_searched_with_its_export_alone()
    {
        RunFolder run = new(_folder);
        OnnxExport.Write(Path.Combine(Golden, "checkpoints", "bert-tiny"), run.Onnx);
        Passage[] passages = [new("a", "bleed the pump before the first start"), new("b", "the valve leaks")];
        PassageFile.Write(run.Passages, passages);
        using (OnnxEncoder encoder = OnnxEncoder.OfRun(run))
        {
            PassageIndex.Write(run.Index, encoder.ModelHash, encoder.Dimensions, encoder.EncodePassages([.. passages.Select(passage => passage.Text)]).Select(vector => new ReadOnlyMemory<float>(vector)));
        }

        Bm25Index.Build(passages, Analyzer.English).Save(run.WordIndex);
        using RunSearcher searcher = RunSearcher.Open(run, OnnxEncoder.OfRun(run));
        Assert.Equal("b", searcher.Search("leaking valves", 1).Hits[0].Passage.Id);
        Assert.Equal("a", searcher.Search("bleed the pump before the first start", 1, SearchMode.Meaning).Hits[0].Passage.Id);
    }

    [Fact]
    public async Task Documents_become_passages()
    {
        string file = Path.Combine(_folder, "manual.md");
        File.WriteAllText(file, "# Pumps\n\nBleed the pump before the first start.\n");
        LoadedFile loaded = Assert.Single(await new DocumentLoader().LoadAsync([file]).ToListAsync());
        Passage passage = Assert.Single(new PassageSplitter().Split(loaded.Documents[0]));
        Assert.Contains("Bleed the pump before the first start.", passage.SearchText, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_of_vectors_is_written_opened_and_searched()
    {
        string file = Path.Combine(_folder, "vectors");
        PassageIndex.Write(file, "a model", 2, [new float[] { 0, 1 }, new float[] { 1, 1 }, new float[] { 1, 0 }]);
        using PassageIndex index = PassageIndex.Open(file, "a model");
        Assert.Equal([2, 1, 0], index.Search([1, 0], 3).Select(result => result.Passage));
    }

    [Fact]
    public void An_index_of_words_is_written_opened_and_searched()
    {
        string file = Path.Combine(_folder, "words");
        Bm25Index.Build([new Passage("a", "the valve leaks"), new Passage("b", "the pump runs")], Analyzer.English).Save(file);
        Assert.Equal(1, Bm25Index.Load(file).Search("running pumps", 1)[0].Passage);
    }

    [Fact]
    public void The_processor_says_what_it_can() => Assert.NotEqual(Precision.Auto, CpuFeatures.Current.Resolve(Precision.Auto));

    private static bool IsOfTorch(string name) => name.Contains("torch", StringComparison.OrdinalIgnoreCase) && !name.Contains("WithoutTorch", StringComparison.Ordinal);

    private static string FindGolden()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "GenQ.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "tests", "Golden");
    }
}
