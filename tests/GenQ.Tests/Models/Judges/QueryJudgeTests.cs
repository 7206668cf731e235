using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;

namespace GenQ.Tests.Judges;

[Collection(TorchRandomCollection.Name)]
public sealed class QueryJudgeTests
{
    [Fact]
    public void Case_spaces_and_the_question_mark_do_not_matter_and_an_empty_query_has_no_probability()
    {
        using TemporaryFolder folder = new();
        TinyJudge.Create(folder.Path);
        using QueryJudge judge = QueryJudge.Load(folder.Path, Precision.Fp32);
        double[] judged = judge.Judge([("Berlin is the capital of Germany.", ["what is Berlin?", " what is berlin ", "capital", ""])])[0];
        Assert.Equal(judged[0], judged[1]);
        Assert.NotEqual(judged[0], judged[2]);
        Assert.InRange(judged[0], 1e-9, 1);
        Assert.Equal(0, judged[3]);
    }

    [Fact]
    public void What_it_says_of_a_passage_does_not_depend_on_the_others()
    {
        using TemporaryFolder folder = new();
        TinyJudge.Create(folder.Path);
        using QueryJudge judge = QueryJudge.Load(folder.Path, Precision.Fp32);
        (string, IReadOnlyList<string>) first = ("Berlin is the capital of Germany.", ["what is berlin", "capital"]), second = ("Ships.", ["what are ships"]);
        Assert.Equal(judge.Judge([first])[0], judge.Judge([second, first])[1]);
    }

    [Fact]
    public void A_folder_that_is_no_judge_is_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("config.json' is missing", Assert.Throws<GenQException>(() => QueryJudge.Load(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("which QueryJudgeNetwork expects", Assert.Throws<GenQException>(() => QueryJudge.Load(Shared.Golden("checkpoints", "bert-tiny"))).Message, StringComparison.Ordinal);
    }
}
