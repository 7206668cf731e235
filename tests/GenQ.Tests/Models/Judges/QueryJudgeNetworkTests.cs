using GenQ.Models;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Tests.Judges;

[Collection(TorchRandomCollection.Name)]
public sealed class QueryJudgeNetworkTests
{
    private static readonly int[][] Queries = [[2, 40, 41, 3], [2, 77, 3], [2, 8, 9, 10, 11, 3]];
    private static readonly int[] Passage = [2, 50, 40, 60, 41, 70, 3], Shorter = [2, 33, 34, 3];

    [Fact]
    public void A_query_has_the_same_score_alone_beside_others_and_beside_other_passages()
    {
        using IDisposable scope = NewDisposeScope();
        using QueryJudgeNetwork network = Network(layers: 2);
        float[] together = Score(network, [Passage, Shorter], [.. Queries, .. Queries]);
        for (int i = 0; i < Queries.Length; i++)
        {
            Assert.Equal(Score(network, [Passage], [Queries[i]])[0], together[i], 1e-5);
            Assert.Equal(Score(network, [Shorter], [Queries[i]])[0], together[Queries.Length + i], 1e-5);
        }
    }

    [Fact]
    public void A_query_is_scored_by_its_passage()
    {
        using IDisposable scope = NewDisposeScope();
        using QueryJudgeNetwork network = Network(layers: 2);
        Assert.NotEqual(Score(network, [Passage], [Queries[0]])[0], Score(network, [Shorter], [Queries[0]])[0], 1e-4);
    }

    // In the first layer a query hears what it would hear in a BERT that reads passage and query one behind the other.
    [Fact]
    public void With_one_layer_it_is_a_bert_that_reads_the_passage_and_one_query()
    {
        using IDisposable guard = no_grad();
        using IDisposable scope = NewDisposeScope();
        using QueryJudgeNetwork network = Network(layers: 1);
        using BertEncoder bert = new(Config(layers: 1));
        Dictionary<string, Tensor> weights = network.state_dict();
        weights["bert.embeddings.token_type_embeddings.weight"].fill_(0);
        foreach ((string name, Tensor weight) in bert.state_dict()) weight.copy_(weights["bert." + name]);
        bert.eval();
        PackedBatch batch = PackedBatch.Create([[.. Passage, .. Queries[0]]], NumberFromTheStartOfEach, CPU);
        Tensor first = bert.Forward(batch).narrow(0, Passage.Length, 1);
        float expected = nn.functional.linear(first, weights["classifier.weight"], weights["classifier.bias"]).item<float>();
        Assert.Equal(expected, Score(network, [Passage], [Queries[0]])[0], 1e-5);

        static void NumberFromTheStartOfEach(ReadOnlySpan<int> ids, Span<long> positions)
        {
            for (int i = 0; i < ids.Length; i++) positions[i] = i < Passage.Length ? i : i - Passage.Length;
        }
    }

    private static BertConfig Config(int layers)
        => new() { VocabSize = 100, HiddenSize = 16, NumHiddenLayers = layers, NumAttentionHeads = 2, IntermediateSize = 32, MaxPositionEmbeddings = 32 };

    // Weights large enough for what is attended to to matter.
    private static QueryJudgeNetwork Network(int layers)
    {
        using IDisposable guard = no_grad();
        manual_seed(1);
        QueryJudgeNetwork network = new(Config(layers));
        foreach ((string _, Parameter parameter) in network.named_parameters().Where(parameter => parameter.name.EndsWith("weight", StringComparison.Ordinal)))
            nn.init.normal_(parameter, 0, 0.5);
        network.eval();
        return network;
    }

    private static float[] Score(QueryJudgeNetwork network, int[][] passages, int[][] queries)
    {
        using IDisposable guard = no_grad();
        (Tensor read, Tensor readMask) = T5Generator.Pad(passages, 0, CPU);
        (Tensor asked, Tensor askedMask) = T5Generator.Pad(queries, 0, CPU);
        return network.Score(read, readMask, asked, askedMask).view(-1).data<float>().ToArray();
    }
}
