using System.Reflection;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Text;

namespace GenQ.Tests.ModelFolders;

public sealed class ConfigSchemaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<Type> Configurations =>
    [
        typeof(MpnetConfig), typeof(BertConfig), typeof(RobertaConfig), typeof(DistilBertConfig), typeof(T5Config),
        typeof(MpnetGraph.Config), typeof(BertGraph.Config), typeof(RobertaGraph.Config), typeof(DistilBertGraph.Config),
    ];

    [Theory]
    [MemberData(nameof(Configurations))]
    public void Every_value_of_every_family_is_declared(Type configuration)
    {
        foreach (PropertyInfo property in configuration.GetProperties().Where(property => property.CanWrite))
        {
            ConfigValueAttribute? declared = property.GetCustomAttribute<ConfigValueAttribute>();
            Assert.True(declared is not null, property.Name);
            bool isNumber = property.PropertyType == typeof(int) || property.PropertyType == typeof(int?) || property.PropertyType == typeof(double);
            Assert.Equal(isNumber, declared.Kind != ConfigKind.Any);
        }
    }

    [Theory]
    [InlineData("hidden_size", "0", "a whole number between 1 and")]
    [InlineData("hidden_size", "-32", "between 1 and")]
    [InlineData("hidden_size", "1000000000000", "a whole number")]
    [InlineData("hidden_size", "1.5", "a whole number")]
    [InlineData("hidden_size", "null", "a whole number")]
    [InlineData("hidden_size", "\"32\"", "a whole number")]
    [InlineData("num_hidden_layers", "1000000000", "between 1 and 1024")]
    [InlineData("hidden_dropout_prob", "-1", "between 0 and 1")]
    [InlineData("hidden_dropout_prob", "1e400", "between 0 and 1")]
    [InlineData("layer_norm_eps", "-1", "above 0")]
    [InlineData("layer_norm_eps", "0", "above 0")]
    [InlineData("hidden_act", "null", "a text")]
    public void A_value_that_no_network_has_is_told_with_file_key_and_what_was_expected(string key, string value, string expected)
    {
        File.WriteAllText(_folder["config.json"], $$"""{"model_type": "mpnet", "{{key}}": {{value}}}""");
        GenQException e = Assert.Throws<GenQException>(() => EncoderFamilies.Read(_folder["config.json"]));
        Assert.Contains($"'{_folder["config.json"]}' has {key} {value}, expected ", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Expected, StringComparison.Ordinal);
        Assert.Equal((_folder["config.json"], value), (e.Where, e.Got));
    }

    [Theory]
    [InlineData("hidden_size", 40_000)]
    [InlineData("vocab_size", 9_000_000)]
    [InlineData("max_position_embeddings", 9_000_000)]
    [InlineData("intermediate_size", 9_000_000)]
    [InlineData("num_hidden_layers", 1000)]
    public void A_size_that_the_weights_do_not_have_is_told_before_room_is_made_for_it(string key, int value)
    {
        string config = Spoilt("mpnet-tiny", key, value);
        GenQException e = Assert.Throws<GenQException>(() => EncoderNetwork.Load(_folder.Path));
        Assert.Contains($"'{config}' has {key} {value}, expected a value that fits", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d_model", 40_000)]
    [InlineData("d_ff", 9_000_000)]
    [InlineData("vocab_size", 9_000_000)]
    [InlineData("num_layers", 1000)]
    [InlineData("num_decoder_layers", 1000)]
    [InlineData("relative_attention_num_buckets", 100)]
    public void So_it_is_for_a_T5(string key, int value)
    {
        string config = Spoilt("t5-tiny", key, value);
        GenQException e = Assert.Throws<GenQException>(() => T5Model.Load(_folder.Path));
        Assert.Contains($"'{config}' has {key} {value}, expected a value that fits", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("decoder_start_token_id", 1_000_000, "an id below vocab_size")]
    [InlineData("eos_token_id", 1_000_000, "an id below vocab_size")]
    [InlineData("relative_attention_num_buckets", 31, "a multiple of 4")]
    [InlineData("relative_attention_max_distance", 16, "more than half of the 32 buckets")]
    public void Values_of_a_T5_fit_each_other(string key, int value, string expected)
    {
        Spoilt("t5-tiny", key, value);
        Assert.Contains($"has {key} {value}, expected {expected}", Assert.Throws<GenQException>(() => T5Config.Load(_folder.Path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_model_that_reads_special_tokens_alone_is_refused(int length)
    {
        Copy("mpnet-tiny");
        File.WriteAllText(_folder["sentence_bert_config.json"], $$"""{"max_seq_length": {{length}}}""");
        Assert.Contains($"reads {length} tokens of a text, expected more than the 2 special ones", Assert.Throws<GenQException>(() => BiEncoder.Load(_folder.Path)).Message, StringComparison.Ordinal);
        Assert.Throws<GenQException>(() => EncoderTokenizer.Load(_folder.Path));
    }

    [Fact]
    public void Vectors_of_damaged_weights_are_told_as_such()
    {
        Copy("mpnet-tiny");
        string weights = _folder["model.safetensors"];
        byte[] bytes = File.ReadAllBytes(weights);
        for (int i = bytes.Length - 4000; i < bytes.Length; i++) bytes[i] = 0xFF;
        File.WriteAllBytes(weights, bytes);
        using BiEncoder model = BiEncoder.Load(_folder.Path);
        Assert.Contains("its weights are damaged", Assert.Throws<GenQException>(() => model.Encode(["a text"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../elsewhere")]
    [InlineData("/etc")]
    public void A_model_reads_its_own_files_alone(string path)
    {
        Copy("mpnet-tiny");
        File.WriteAllText(_folder["modules.json"], $$"""[{"type": "a.Transformer", "path": "{{path}}"}, {"type": "a.Pooling", "path": "1_Pooling"}]""");
        Assert.Contains("is no path inside the model's folder", Assert.Throws<GenQException>(() => SentenceTransformersFolder.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private string Spoilt(string checkpoint, string key, int value)
    {
        Copy(checkpoint);
        JsonObject config = JsonNode.Parse(File.ReadAllText(_folder["config.json"]))!.AsObject();
        config[key] = value;
        File.WriteAllText(_folder["config.json"], config.ToJsonString());
        return _folder["config.json"];
    }

    private void Copy(string checkpoint)
    {
        string from = Shared.Golden("checkpoints", checkpoint);
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string to = _folder[Path.GetRelativePath(from, file)];
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
