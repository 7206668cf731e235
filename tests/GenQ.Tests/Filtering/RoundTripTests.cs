using GenQ.Compute;
using GenQ.Data;
using GenQ.Filtering;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Tests.Filtering;

public sealed class RoundTripTests
{
    private static readonly Passage[] Passages =
        [.. new[] { "pump oil weekly", "valve spring broken", "crane hook weight", "boiler lamp red", "gasket ring leak" }.Select((text, i) => new Passage($"{i}", text))];

    [Fact]
    public void The_rank_of_a_query_s_passage_is_found_where_another_answers_it_too()
    {
        using TemporaryFolder folder = new();
        QueryPassagePair[] pairs =
        [
            new("crane hook weight", "crane hook weight"),
            new("crane hook weight", "pump oil weekly"),
            new("boiler lamp red", "boiler lamp red"),
            new("boiler lamp red", "of no passage of the run"),
        ];
        int?[] ranks = Ranks(folder, pairs);
        Assert.Equal([1, 1, 1], [ranks[0], ranks[2], ranks[3]]);
        Assert.InRange(ranks[1]!.Value, 2, Passages.Length);
    }

    [Fact]
    public void A_passage_that_stands_twice_in_the_corpus_is_found_by_either()
    {
        using TemporaryFolder folder = new();
        Passage[] twice = [new("twin", "pump oil weekly"), .. Passages];
        Assert.Equal([1], Ranks(folder, [new("pump oil weekly", "pump oil weekly")], twice));
    }

    private static int?[] Ranks(TemporaryFolder folder, QueryPassagePair[] pairs, Passage[]? passages = null)
    {
        Passage[] corpus = passages ?? Passages;
        using BiEncoder model = BiEncoder.Load(Shared.Golden("checkpoints", "mpnet-tiny"), new BiEncoderOptions { Precision = Precision.Fp32 });
        PassageIndex.Write(folder["vectors"], "tiny", model.Dimensions, model.EncodePassages([.. corpus.Select(passage => passage.SearchText)]).Select(vector => (ReadOnlyMemory<float>)vector));
        using PassageIndex vectors = PassageIndex.Open(folder["vectors"]);
        HybridSearcher both = new(Bm25Index.Build(corpus, Analyzer.Plain), vectors);
        return RoundTrip.Ranks(model, both, corpus, pairs, progress: null, CancellationToken.None);
    }
}
