using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Retrieval;

namespace GenQ.Tests.Evaluation;

public sealed class EvaluatedQueryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Queries_come_back_from_their_file_as_they_were()
    {
        RetrievalTask task = new("tiny", [new("q1", "why \"red\"?")], [new("a", "A"), new("b", "B")], new Dictionary<string, IReadOnlyDictionary<string, int>> { ["q1"] = new Dictionary<string, int> { ["b"] = 1, ["a"] = 0 } });
        ModelComparison comparison = new("tiny", [("bm25", RetrievalEvaluator.Evaluate(task, [[new(0, 2), new(1, 1)]])), ("base", RetrievalEvaluator.Evaluate(task, [[new(0, 1)]]))]);
        EvaluatedQuery.Write(_folder["queries.jsonl"], EvaluatedQuery.Of(task, comparison));
        Assert.Equal(
            """{"_id":"q1","text":"why \"red\"?","relevant":["b"],"results":{"bm25":{"ndcg@10":0.63093,"rank":2,"top":["a","b"]},"base":{"ndcg@10":0,"rank":null,"top":["a"]}}}""",
            File.ReadAllText(_folder["queries.jsonl"]).TrimEnd());
        EvaluatedQuery read = Assert.Single(EvaluatedQuery.Read(_folder["queries.jsonl"]));
        Assert.Equal(("q1", "why \"red\"?"), (read.Id, read.Text));
        Assert.Equal(["b"], read.Relevant);
        Assert.Equal((0.63093, 2), (read.Results["bm25"].Ndcg10, read.Results["bm25"].Rank));
        Assert.Equal(["a", "b"], read.Results["bm25"].Top);
        Assert.Null(read.Results["base"].Rank);
    }

    [Theory]
    [InlineData("""{"_id":"q","text":"t","results":{"base":{"rank":1}}}""")]
    [InlineData("""{"_id":"q","text":"t","results":{"base":5}}""")]
    [InlineData("""{"_id":"q","text":"t","relevant":[1]}""")]
    public void A_line_that_is_no_measured_query_is_named(string line)
    {
        File.WriteAllText(_folder["queries.jsonl"], line);
        Assert.Contains("line 1, is no measured query", Assert.Throws<GenQException>(() => EvaluatedQuery.Read(_folder["queries.jsonl"]).ToArray()).Message, StringComparison.Ordinal);
    }
}
