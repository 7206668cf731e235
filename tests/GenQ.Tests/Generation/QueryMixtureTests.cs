using GenQ.Data;
using GenQ.Generation;

namespace GenQ.Tests.Generation;

public sealed class QueryMixtureTests
{
    [Theory]
    [InlineData(true, "genq-mini-judge", "can rate its own queries", "writer")]
    [InlineData(true, "writer", "made without a threshold", "off")]
    [InlineData(false, "writer", "is no language model", "off")]
    public void A_judge_that_does_not_fit_the_writer_is_refused_with_what_to_set(bool isLanguageModel, string judge, string said, string remedy)
    {
        using ChatQueryWriter chat = new(new StubChatClient(StubChatClient.Sound));
        GenQSettings settings = new() { Generator = Shared.Golden("checkpoints", "t5-tiny"), Query = new QuerySettings { Judge = judge } };
        GenQException error = Assert.Throws<GenQException>(() => QueryMixture.Of(settings, isLanguageModel ? chat : null));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal(("query.judge", judge), (error.Where, error.Got));
        Assert.Equal(("query.judge", remedy), Assert.IsType<Remedy.Change>(error.Remedy).Names[0]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("off")]
    [InlineData("writer")]
    public void A_language_model_writes_with_its_own_judge_or_none(string? judge)
    {
        using ChatQueryWriter chat = new(new StubChatClient(StubChatClient.Sound), judgeThreshold: 0.5);
        Assert.Same(chat, QueryMixture.Of(new GenQSettings { Query = new QuerySettings { Judge = judge } }, chat).Writer);
    }
}
