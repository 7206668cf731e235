using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using GenQ.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Encoders;

public sealed class EncoderNetworkTests
{
    public static TheoryData<string> Checkpoints => EncoderGolden.Families;

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Token_states_are_those_of_the_reference(string name)
    {
        using EncoderGolden golden = new(name);
        using EncoderNetwork network = EncoderNetwork.Load(golden.Folder);
        using IDisposable guard = no_grad();
        int[][] sequences = golden.Sequences();
        PackedBatch batch = network.Pack(sequences);
        Tensor states = network.Forward(batch);
        int row = 0;
        foreach (int i in Enumerable.Range(0, sequences.Length).OrderBy(i => sequences[i].Length))
        {
            int length = sequences[i].Length;
            EncoderGolden.AssertClose(golden["last_hidden_state"][i].narrow(0, 0, length), states.narrow(0, row, length), 2e-5);
            row += length;
        }

        EncoderGolden.AssertClose(golden["embeddings"], Pooling.Pool(states, batch, PoolingMode.Mean), 2e-5);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void A_batch_gives_what_its_single_rows_give(string name)
    {
        using EncoderGolden golden = new(name);
        using EncoderNetwork network = EncoderNetwork.Load(golden.Folder);
        using IDisposable guard = no_grad();
        int[][] sequences = golden.Sequences();
        foreach (PoolingMode mode in Enum.GetValues<PoolingMode>())
        {
            PackedBatch all = network.Pack(sequences);
            Assert.True(all.Groups.Count > 1, "the texts should need groups");
            Assert.Contains(all.Groups, group => group.Mask is not null);
            Tensor together = Pooling.Pool(network.Forward(all), all, mode);
            for (int i = 0; i < sequences.Length; i++)
            {
                PackedBatch one = network.Pack([sequences[i]]);
                EncoderGolden.AssertClose(Pooling.Pool(network.Forward(one), one, mode), together.narrow(0, i, 1), 5e-6);
            }
        }
    }

    [Fact]
    public void Pooling_takes_the_mean_the_first_or_the_greatest_of_the_real_tokens()
    {
        using DisposeScope scope = NewDisposeScope();

        // Two sequences, of 1 and 3 tokens, in the caller's order 3, 1; vectors of two numbers.
        PackedBatch batch = PackedBatch.Create([[7, 8, 9], [6]], (ids, positions) => positions.Clear(), CPU);
        Tensor states = zeros(batch.Ids.shape[0], 2);
        states[0] = tensor([-5f, -6f]);
        states[1] = tensor([1f, 2f]);
        states[2] = tensor([3f, -4f]);
        states[3] = tensor([8f, -10f]);
        EncoderGolden.AssertClose(tensor(new float[,] { { 4, -4 }, { -5, -6 } }), Pooling.Pool(states, batch, PoolingMode.Mean), 1e-6);
        EncoderGolden.AssertClose(tensor(new float[,] { { 1, 2 }, { -5, -6 } }), Pooling.Pool(states, batch, PoolingMode.Cls), 0);
        EncoderGolden.AssertClose(tensor(new float[,] { { 8, 2 }, { -5, -6 } }), Pooling.Pool(states, batch, PoolingMode.Max), 0);
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Matmuls_in_bf16_point_the_same_way(string name)
    {
        using EncoderGolden golden = new(name);
        using EncoderNetwork network = EncoderNetwork.Load(golden.Folder);
        using IDisposable guard = no_grad();
        network.ConvertLinearLayers(ScalarType.BFloat16);
        PackedBatch batch = network.Pack(golden.Sequences());
        Tensor vectors = Pooling.Pool(network.Forward(batch), batch, PoolingMode.Mean);
        Assert.Equal(ScalarType.Float32, vectors.dtype);
        Tensor cosines = nn.functional.cosine_similarity(vectors, golden["embeddings"], 1, 1e-8);
        Assert.InRange(cosines.min().item<float>(), 0.999, 1.0001);
        Assert.True((vectors - golden["embeddings"]).abs().max().item<float>() > 1e-4, "the matmuls were not in bf16");
    }

    [Fact]
    public void MPNet_base_has_the_parameters_of_the_published_one()
    {
        using MpnetEncoder network = new(new MpnetConfig { MaxPositionEmbeddings = 514, LayerNormEps = 1e-5 });
        Dictionary<string, string> layout = network.state_dict().ToDictionary(p => p.Key, p => string.Join(" x ", p.Value.shape));
        Assert.Equal(108_895_872, network.parameters().Sum(p => p.numel()));
        Assert.Equal(197, layout.Count);
        Assert.Equal("30527 x 768", layout["embeddings.word_embeddings.weight"]);
        Assert.Equal("514 x 768", layout["embeddings.position_embeddings.weight"]);
        Assert.Equal("32 x 12", layout["encoder.relative_attention_bias.weight"]);
        Assert.Equal("768 x 768", layout["encoder.layer.11.attention.attn.q.weight"]);
        Assert.Equal("768", layout["encoder.layer.11.attention.LayerNorm.bias"]);
        Assert.Equal("3072 x 768", layout["encoder.layer.11.intermediate.dense.weight"]);
        Assert.Equal("768 x 3072", layout["encoder.layer.11.output.dense.weight"]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 1)]
    [InlineData(-7, 7)]
    [InlineData(-8, 8)]
    [InlineData(-15, 9)]
    [InlineData(-16, 10)]
    [InlineData(-63, 13)]
    [InlineData(-64, 14)]
    [InlineData(-500, 15)]
    [InlineData(1, 17)]
    [InlineData(32, 28)]
    [InlineData(127, 31)]
    public void Distances_fall_into_the_buckets_of_the_reference(int distance, int bucket)
        => Assert.Equal(bucket, MpnetEncoder.Bucket(distance, 32));

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Loss_and_gradients_are_those_of_the_reference(string name)
    {
        using EncoderGolden golden = new(name);
        using BiEncoder model = BiEncoder.Load(golden.Folder, new BiEncoderOptions { Precision = Precision.Fp32 });
        QueryPassagePair[] pairs = golden.Pairs;
        Tensor vectors = model.Embed(
            [.. pairs.Select(p => model.TokenizeQuery(p.Query)), .. pairs.Select(p => model.TokenizePassage(p.Passage))]);
        Tensor queries = vectors.narrow(0, 0, pairs.Length), passages = vectors.narrow(0, pairs.Length, pairs.Length);
        EncoderGolden.AssertClose(golden["scores"], MultipleNegativesRanking.Scores(queries, passages), 2e-4);
        Tensor loss = MultipleNegativesRanking.Loss(queries, passages);
        Assert.Equal(golden.Expected["mnr_loss"]!.GetValue<double>(), loss.item<float>(), 1e-5);
        loss.backward();
        Dictionary<string, double> norms = model.Network.named_parameters()
            .ToDictionary(p => p.name, p => (double)p.parameter.grad!.norm().item<float>());
        JsonObject expected = golden.Expected["gradient_norms"]!.AsObject();
        Assert.Equal(expected.Select(p => p.Key).Where(p => !p.StartsWith("pooler", StringComparison.Ordinal)).Order(), norms.Keys.Order());
        foreach ((string parameter, double norm) in norms)
        {
            // The keys' biases have no gradient but rounding: a constant added to all keys changes no softmax.
            if (expected[parameter]!.GetValue<double>() < 1e-6) Assert.InRange(norm, 0, 1e-6);
            else EncoderGolden.AssertRelative(expected[parameter]!.GetValue<double>(), norm, 1e-3);
        }
    }

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("xlm-roberta-tiny")]
    public void Positions_start_behind_the_padding_and_pass_over_it(string name)
    {
        using EncoderGolden golden = new(name);
        using EncoderNetwork network = EncoderNetwork.Load(golden.Folder);
        Assert.Equal([2, 3, 1, 4, 5], network.Pack([[0, 9, 1, 9, 2]]).Positions.narrow(0, 0, 5).data<long>().ToArray());
        Assert.Equal(64, network.MaxLength);
    }

    [Fact]
    public void A_family_that_is_not_built_is_refused_by_name_with_those_that_are()
    {
        using EncoderGolden golden = new("bert-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(folder.Path, ("model_type", "nomic_bert"));
        GenQException e = Assert.Throws<GenQException>(() => BiEncoder.Load(folder.Path));
        Assert.Contains("'nomic_bert'", e.Message, StringComparison.Ordinal);
        Assert.Contains("mpnet, bert, distilbert, roberta, xlm-roberta, camembert", e.Message, StringComparison.Ordinal);
    }
}
