using GenQ.Data;
using GenQ.Training;

namespace GenQ.Tests.Training;

public sealed class DistillationTextsTests
{
    // Words are numbers, so that a span tells where it is from.
    private static readonly string LongText = string.Join(' ', Enumerable.Range(0, 300));

    private static readonly EncoderDistillerOptions Options = new() { BatchSize = 8, PoolBatches = 5 };

    [Fact]
    public void The_texts_of_a_step_do_not_depend_on_what_came_before()
    {
        string[] texts = [LongText, .. Enumerable.Range(0, 50).Select(i => $"what is {i}")];
        DistillationTexts inOrder = Of(texts), alone = Of(texts);
        for (int step = 0; step < 12; step++) inOrder.Batch(step);
        Assert.Equal(inOrder.Batch(12), alone.Batch(12));
        Assert.NotEqual(inOrder.Batch(12), inOrder.Batch(13));
        Assert.NotEqual(inOrder.Batch(12), Of(texts, Options with { Seed = 43 }).Batch(12));
    }

    [Theory]
    [InlineData(4, 110)]
    [InlineData(4, 40)]
    [InlineData(20, 60)]
    public void Short_texts_stay_whole_and_long_ones_give_spans_of_all_lengths_asked_for(int shortest, int longest)
    {
        DistillationTexts texts = Of([LongText, "what is a span"], Options with { ShortShare = 0.5, ShortestSpan = shortest, LongestSpan = longest });
        string[] drawn = [.. Enumerable.Range(0, 250).SelectMany(step => Batch(texts, step))];
        string[] spans = [.. drawn.Where(text => text != "what is a span")];
        Assert.InRange(spans.Length, 900, 1100);
        int[][] words = [.. spans.Select(span => span.Split(' ').Select(int.Parse).ToArray())];
        Assert.All(words, span => Assert.Equal(Enumerable.Range(span[0], span.Length), span));
        Assert.Equal((shortest, longest), (words.Min(span => span.Length), words.Max(span => span.Length)));
        Assert.Equal((0, 299), (words.Min(span => span[0]), words.Max(span => span[^1])));
    }

    [Fact]
    public void Spans_whose_shortest_is_longer_than_the_longest_are_refused()
    {
        GenQException error = Assert.Throws<GenQException>(() => Of([LongText], Options with { ShortestSpan = 50, LongestSpan = 40 }));
        Assert.Contains("50", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_drawn_from_as_often_as_it_has_words()
    {
        string shorter = string.Join(' ', Enumerable.Repeat("word", 100));
        DistillationTexts texts = Of([shorter, "", LongText]);
        int fromShorter = Enumerable.Range(0, 250).SelectMany(step => Batch(texts, step)).Count(text => text.StartsWith('w'));
        Assert.InRange(fromShorter, 450, 550);
    }

    [Fact]
    public void Texts_of_a_batch_are_about_equally_long()
    {
        DistillationTexts texts = Of([LongText]);
        string[][] pool = [.. Enumerable.Range(5, 5).Select(step => Batch(texts, step)).OrderBy(batch => batch[0].Length)];
        Assert.All(pool.Zip(pool[1..]), pair => Assert.True(pair.First.Max(text => text.Length) <= pair.Second.Min(text => text.Length)));
    }

    [Fact]
    public void Neighbours_of_the_input_come_into_a_batch_together()
    {
        string[] texts = [.. Enumerable.Range(0, 1000).Select(i => $"{i}")];
        DistillationTexts groups = Of(texts, Options with { Neighbours = 4, ShortShare = 1 });
        for (int step = 0; step < 50; step++)
        {
            string[] batch = Batch(groups, step);
            int[][] drawn = [.. batch.Select(int.Parse).Chunk(4)];
            Assert.Equal(2, drawn.Length);
            Assert.All(drawn, group => Assert.All(group, number => Assert.InRange(number, group[0] - 16, group[0] + 16)));
        }
    }

    [Fact]
    public void Spans_of_a_long_query_are_queries_and_those_of_a_passage_are_not()
    {
        DistillationTexts texts = new([new(LongText, true), new(LongText.Replace('1', 'x'), false), new("what is 1", true)], Options);
        DistillationText[] drawn = [.. Enumerable.Range(0, 50).SelectMany(step => texts.Batch(step))];
        Assert.Contains(drawn, text => !text.IsQuery);
        Assert.All(drawn, text => Assert.False(text.IsQuery ? text.Text.Contains('x') : text.Text.Contains('1')));
    }

    [Fact]
    public void Beside_a_query_that_begins_a_group_stands_its_passage_from_the_start_where_that_is_asked_for()
    {
        DistillationText[] texts = [.. Enumerable.Range(0, 20).Select(i => new DistillationText($"what is {i}", true, $"answer {i} {LongText}")), new(LongText, false)];
        EncoderDistillerOptions pairs = Options with { Neighbours = 4, AnswersBeside = true, LongestSpan = 40, ShortShare = 0.5 };
        DistillationTexts beside = new(texts, pairs), apart = new(texts, pairs with { AnswersBeside = false });
        DistillationText[][] groups = [.. Enumerable.Range(0, 50).SelectMany(step => beside.Batch(step).Chunk(4))];
        DistillationText[][] asked = [.. groups.Where(group => group[0].IsQuery)];
        Assert.InRange(asked.Length, 25, 75);
        Assert.All(asked, group => Assert.Equal($"answer {group[0].Text[8..]} {string.Join(' ', Enumerable.Range(0, 38))}", group[1].Text));
        Assert.All(asked, group => Assert.False(group[1].IsQuery));
        Assert.DoesNotContain(Enumerable.Range(0, 50).SelectMany(step => apart.Batch(step)), text => text.Text.StartsWith("answer", StringComparison.Ordinal));
    }

    private static DistillationTexts Of(string[] texts, EncoderDistillerOptions? options = null)
        => new([.. texts.Select(text => new DistillationText(text, false))], options ?? Options);

    private static string[] Batch(DistillationTexts texts, long step) => [.. texts.Batch(step).Select(text => text.Text)];
}
