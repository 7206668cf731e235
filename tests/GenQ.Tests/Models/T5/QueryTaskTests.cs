using GenQ.Data;
using GenQ.Models;

namespace GenQ.Tests.Models;

public sealed class QueryTaskTests
{
    private const string Config = """
        {"model_type": "t5", "task_specific_params": {
          "summarization": {"prefix": "summarize: ", "max_length": 200},
          "question": {"prefix": "question: ", "num_return_sequences": 2},
          "keywords": {"prefix": "keywords: ", "num_return_sequences": 1}}}
        """;

    [Fact]
    public void The_kinds_of_a_t5_are_its_tasks_that_say_how_many_texts_they_give()
        => Assert.Equal([new QueryTask("question", "question: ", 2), new QueryTask("keywords", "keywords: ", 1)], Of());

    [Fact]
    public void Shares_name_the_kinds_that_are_written_and_how_many_of_each()
        => Assert.Equal([new QueryTask("keywords", "keywords: ", 3), new QueryTask("question", "question: ", 1)], Of("keywords=3, question"));

    [Theory]
    [InlineData("", "names none")]
    [InlineData("summarization=1", "does not know 'summarization'")]
    [InlineData("question=0", "'0' is no number")]
    public void Shares_that_say_nothing_or_name_an_unknown_kind_are_refused_with_the_known_ones(string shares, string reason)
    {
        GenQException error = Assert.Throws<GenQException>(() => Of(shares));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("question, keywords", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_are_dealt_to_one_kind_after_the_other_while_it_has_any_left_and_again_from_the_start()
        => Assert.Equal(["question", "keywords", "question", "question", "keywords"], QueryTask.Deal(Of(), 5).Select(task => task.Name));

    private static IReadOnlyList<QueryTask> Of(string? shares = null)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["config.json"], Config);
        return QueryTask.Of(folder.Path, shares);
    }
}
