using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Tests.Encoders;
using GenQ.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Onnx;

public sealed class OnnxExportTests : IDisposable
{
    private static readonly BiEncoderOptions Fp32 = new() { Precision = Precision.Fp32 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(EncoderGolden.Families), MemberType = typeof(EncoderGolden))]
    public void Each_family_gives_the_vectors_of_the_reference(string name)
    {
        using EncoderGolden golden = new(name);
        using OnnxEncoder encoder = Export(golden.Folder);
        EncoderGolden.AssertClose(golden["embeddings"], encoder.Encode(golden.Texts), 2e-5);
        Assert.Equal((48, 32, false), (encoder.MaxSequenceLength, encoder.Dimensions, encoder.Int8Weights));

        // A token that is spelt like padding has a position of its own in the families that count from the padding on.
        AssertSameDirections(golden.Folder, encoder, [.. golden.Texts, "the <pad> the", "the [PAD] the"], 0.99999);
    }

    [Theory]
    [MemberData(nameof(EncoderGolden.Families), MemberType = typeof(EncoderGolden))]
    public void Each_family_gives_nearly_the_same_vectors_with_weights_of_8_bits_in_a_smaller_file(string name)
    {
        using EncoderGolden golden = new(name);
        using OnnxEncoder encoder = Export(golden.Folder, int8Weights: true);
        Assert.True(encoder.Int8Weights);
        AssertSameDirections(golden.Folder, encoder, golden.Texts, 0.999);
        OnnxExport.Write(golden.Folder, _folder["whole"]);
        Assert.InRange(new FileInfo(_folder["onnx", "model.onnx.data"]).Length, 1, new FileInfo(_folder["whole", "model.onnx.data"]).Length - 1);
    }

    [Theory]
    [InlineData(false, 0.99999)]
    [InlineData(true, 0.999)]
    public void The_mini_base_gives_its_vectors(bool int8Weights, double cosine)
    {
        string model = Path.Combine(Shared.Root, "models", "genq-mini-mpnet");
        Assert.SkipUnless(File.Exists(Path.Combine(model, "model.safetensors")), "models/genq-mini-mpnet is not there");
        using OnnxEncoder encoder = Export(model, int8Weights);
        string[] texts =
        [
            "disk", "how do I mount a disk", "Wie hänge ich eine Platte ein?",
            string.Join(' ', Enumerable.Repeat("A disk has to be mounted before its files can be read.", 12)),
            string.Join(' ', Enumerable.Repeat("name the device and the folder that it shall appear in,", 90)),
        ];
        AssertSameDirections(model, encoder, texts, cosine);
    }

    [Theory]
    [InlineData("mean", true)]
    [InlineData("mean", false)]
    [InlineData("cls", true)]
    [InlineData("max", false)]
    public void Poolings_prompts_and_lower_case_are_the_models(string pooling, bool normalize)
    {
        using EncoderGolden golden = new("xlm-roberta-tiny");
        golden.CopyTo(_folder["model"]);
        File.WriteAllText(_folder["model", "1_Pooling", "config.json"], new JsonObject { ["pooling_mode"] = pooling }.ToJsonString());
        File.WriteAllText(
            _folder["model", "config_sentence_transformers.json"],
            """{"prompts": {"query": "ask: ", "document": "Tell: ", "other": "Say "}, "default_prompt_name": "other"}""");
        File.WriteAllText(_folder["model", "sentence_bert_config.json"], """{"max_seq_length": 20, "do_lower_case": true}""");
        JsonArray modules = [Module("Transformer", ""), Module("Pooling", "1_Pooling")];
        if (normalize) modules.Add(Module("Normalize", "2_Normalize"));
        File.WriteAllText(_folder["model", "modules.json"], modules.ToJsonString());
        using BiEncoder model = BiEncoder.Load(_folder["model"], Fp32);
        using OnnxEncoder encoder = Export(_folder["model"]);
        string[] texts = [" Normans ", "normans", .. golden.Texts];
        AssertClose(model.Encode(texts), encoder.Encode(texts));
        AssertClose(model.EncodeQueries(texts), encoder.EncodeQueries(texts));
        AssertClose(model.EncodePassages(texts), encoder.EncodePassages(texts));
        Assert.Equal(
            (model.QueryPrompt, model.PassagePrompt, model.MaxSequenceLength, model.CountTokens(texts[^1])),
            (encoder.QueryPrompt, encoder.PassagePrompt, encoder.MaxSequenceLength, encoder.CountTokens(texts[^1])));
        if (normalize) Assert.All(encoder.Encode(texts), vector => Assert.Equal(1, TensorPrimitives.Norm(vector), 1e-5));

        static JsonObject Module(string kind, string path) => new() { ["type"] = $"sentence_transformers.models.{kind}", ["path"] = path };
    }

    [Theory]
    [InlineData(ScalarType.Float16, 2e-3)]
    [InlineData(ScalarType.BFloat16, 2e-2)]
    [InlineData(ScalarType.Float64, 2e-5)]
    public void Weights_that_are_stored_otherwise_are_written_in_32_bits(ScalarType type, double tolerance)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        golden.CopyTo(_folder["model"]);
        using DisposeScope scope = NewDisposeScope();
        TensorFile.Write(_folder["model", "model.safetensors"], TensorFile.Read(golden.Folder + "/model.safetensors").ToDictionary(pair => pair.Key, pair => pair.Value.to(type)));
        using BiEncoder model = BiEncoder.Load(_folder["model"], Fp32);
        using OnnxEncoder encoder = Export(_folder["model"]);
        AssertClose(model.Encode(golden.Texts), encoder.Encode(golden.Texts));
        EncoderGolden.AssertClose(golden["embeddings"], encoder.Encode(golden.Texts), tolerance);
    }

    [Theory]
    [InlineData("mpnet-tiny-sharded")]
    [InlineData("bert-tiny-bin")]
    [InlineData("bert-tiny-masked-lm")]
    public void Other_forms_of_the_same_checkpoint_give_the_same_vectors(string name)
    {
        using EncoderGolden golden = new(name);
        using OnnxEncoder encoder = Export(golden.Folder);
        EncoderGolden.AssertClose(golden["embeddings"], encoder.Encode(golden.Texts), 2e-5);
    }

    [Fact]
    public void The_description_says_what_the_export_is_of()
    {
        using EncoderGolden golden = new("bert-tiny");
        OnnxExport.Write(golden.Folder, _folder["onnx"], int8Weights: true);
        JsonNode json = JsonNode.Parse(File.ReadAllText(_folder["onnx", "genq-onnx.json"]))!;
        Assert.Equal(
            (1, "bert", "bert-tiny", "int8", "mean", 32),
            ((int)json["format"]!, $"{json["family"]}", $"{json["model"]}", $"{json["weights"]}", $"{json["pooling"]}", (int)json["dimensions"]!));
        Assert.Equal(Fingerprint.OfModel(golden.Folder), $"{json["model_hash"]}");
    }

    [Fact]
    public void An_export_takes_the_place_of_an_earlier_one_and_nothing_of_that_stays()
    {
        OnnxExport.Write(Shared.Golden("checkpoints", "mpnet-tiny"), _folder["onnx"]);
        Assert.True(File.Exists(_folder["onnx", "vocab.txt"]));
        OnnxExport.Write(Shared.Golden("checkpoints", "xlm-roberta-tiny"), _folder["onnx"]);
        Assert.False(File.Exists(_folder["onnx", "vocab.txt"]));
        using EncoderGolden golden = new("xlm-roberta-tiny");
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"]);
        EncoderGolden.AssertClose(golden["embeddings"], encoder.Encode(golden.Texts), 2e-5);
    }

    [Fact]
    public void An_export_that_was_stopped_is_begun_again()
    {
        Directory.CreateDirectory(_folder["onnx"]);
        File.WriteAllText(_folder["onnx", "model.onnx.data.partial"], "half");
        using OnnxEncoder encoder = Export(Shared.Golden("checkpoints", "mpnet-tiny"));
        Assert.False(File.Exists(_folder["onnx", "model.onnx.data.partial"]));
    }

    [Fact]
    public void A_folder_that_holds_other_files_is_refused_and_left_as_it_is()
    {
        Directory.CreateDirectory(_folder["docs"]);
        File.WriteAllText(_folder["docs", "manual.md"], "words");
        GenQException e = Assert.Throws<GenQException>(() => OnnxExport.Write(Shared.Golden("checkpoints", "mpnet-tiny"), _folder["docs"]));
        Assert.Contains("holds 'manual.md', which is no file of an exported encoder: choose an empty folder", e.Message, StringComparison.Ordinal);
        Assert.Equal(_folder["docs"], e.Where);
        Assert.Equal([_folder["docs", "manual.md"]], Directory.GetFileSystemEntries(_folder["docs"]));
    }

    [Theory]
    [InlineData("mpnet-tiny", "model_type", "\"nomic_bert\"", "of model_type 'nomic_bert'; encoders that can be exported: mpnet, bert, distilbert, roberta, xlm-roberta, camembert")]
    [InlineData("mpnet-tiny", "model_type", "5", "is of model_type")]
    [InlineData("mpnet-tiny", "hidden_act", "\"relu\"", "the activation 'relu'")]
    [InlineData("mpnet-tiny", "num_attention_heads", "5", "5 attention heads, expected a divisor of the hidden size 32")]
    [InlineData("mpnet-tiny", "relative_attention_num_buckets", "64", "relative_attention_num_buckets 64: expected 1 and 32")]
    [InlineData("mpnet-tiny", "intermediate_size", "128", "MpnetGraph expects [128]: is config.json from another model?")]
    [InlineData("mpnet-tiny", "num_hidden_layers", "3", "has no 'encoder.layer.2.attention.LayerNorm.bias'")]
    [InlineData("mpnet-tiny", "vocab_size", "100", "but config.json says vocab_size 100: the two are of different models")]
    [InlineData("bert-tiny", "position_embedding_type", "\"relative_key\"", "position_embedding_type 'relative_key'")]
    [InlineData("xlm-roberta-tiny", "position_embedding_type", "\"relative_key\"", "position_embedding_type 'relative_key'")]
    [InlineData("distilbert-tiny", "n_heads", "0", "has n_heads 0, expected a whole number between 1 and 1024")]
    public void What_cannot_be_exported_is_refused_by_name_and_leaves_an_earlier_export_as_it_is(string name, string setting, string value, string message)
    {
        using EncoderGolden golden = new(name);
        golden.CopyTo(_folder["model"], (setting, JsonNode.Parse(value)!));
        OnnxExport.Write(golden.Folder, _folder["onnx"]);
        GenQException e = Assert.Throws<GenQException>(() => OnnxExport.Write(_folder["model"], _folder["onnx"]));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        using OnnxEncoder earlier = OnnxEncoder.Load(_folder["onnx"]);
        EncoderGolden.AssertClose(golden["embeddings"], earlier.Encode(golden.Texts), 2e-5);
    }

    private static void AssertSameDirections(string model, OnnxEncoder exported, string[] texts, double cosine)
    {
        using BiEncoder encoder = BiEncoder.Load(model, Fp32);
        float[][][] expected = [encoder.Encode(texts), encoder.EncodeQueries(texts), encoder.EncodePassages(texts)];
        float[][][] actual = [exported.Encode(texts), exported.EncodeQueries(texts), exported.EncodePassages(texts)];
        Assert.All(
            expected.SelectMany(vectors => vectors).Zip(actual.SelectMany(vectors => vectors)),
            pair => Assert.InRange(TensorPrimitives.CosineSimilarity(pair.First, pair.Second), cosine, 1.000001));
    }

    private static void AssertClose(float[][] expected, float[][] actual)
        => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, (a, b) => Math.Abs(a - b) < 2e-5));

    private OnnxEncoder Export(string model, bool int8Weights = false)
    {
        OnnxExport.Write(model, _folder["onnx"], int8Weights);
        return OnnxEncoder.Load(_folder["onnx"]);
    }
}
