using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;

namespace GenQ.Tests.Evaluation;

public sealed class HoldOutTests
{
    [Fact]
    public void Whole_documents_are_set_aside()
    {
        Passage[] passages = [.. Enumerable.Range(0, 100).Select(i => In($"doc{i / 5}", i, null))];
        HoldOut held = HoldOut.Choose(passages, 0.1, 42);
        Assert.Equal(10, held.Passages.Count);
        Assert.Equal(2, held.Passages.Select(id => passages.First(p => p.Id == id).Origin!.DocumentId).Distinct().Count());
        Assert.Contains("2 of 20 documents", held.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"passages": null, "sentence": "x"}""")]
    [InlineData("""{"passages": [null], "sentence": "x"}""")]
    [InlineData("""{"passages": ["\ud800"], "sentence": "x"}""")]
    [InlineData("""{"passages": ["a"], "sentence": "x", "most_training": "many"}""")]
    public void A_damaged_choice_is_named(string content)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["holdout.json"], content);
        Assert.StartsWith($"'{folder["holdout.json"]}' is damaged: ", Assert.Throws<GenQException>(() => HoldOut.Load(folder["holdout.json"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Documents_that_are_nearly_the_same_are_on_one_side()
    {
        // Ten documents, each with a copy that has one other word.
        string Words(int document) => string.Join(' ', Enumerable.Range(0, 60).Select(i => $"d{document}w{i}"));
        Passage[] passages = [.. Enumerable.Range(0, 20).Select(i => In($"doc{i}", i, null) with { Text = Words(i / 2) + (i % 2 == 0 ? " once" : " twice") })];
        for (int seed = 0; seed < 5; seed++)
        {
            int[] held = [.. HoldOut.Choose(passages, 0.3, seed).Passages.Select(id => Array.FindIndex(passages, passage => passage.Id == id))];
            Assert.Equal(6, held.Length);
            Assert.All(held, i => Assert.Contains(i ^ 1, held));
        }
    }

    [Fact]
    public void Of_few_documents_sections_are_set_aside()
    {
        Passage[] passages = [.. Enumerable.Range(0, 80).Select(i => In("doc", i, $"Chapter {i / 2} > Part {i}"))];
        HoldOut held = HoldOut.Choose(passages, 0.1, 42);
        Assert.Equal(8, held.Passages.Count);
        Assert.Contains("sections", held.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_one_long_text_neighbouring_passages_are_set_aside_together()
    {
        Passage[] passages = [.. Enumerable.Range(0, 200).Select(i => In("doc", i, null))];
        HoldOut held = HoldOut.Choose(passages, 0.1, 42);
        Assert.Equal(20, held.Passages.Count);
        Assert.Contains("contiguous blocks", held.Sentence, StringComparison.Ordinal);
        int[] numbers = [.. held.Passages.Select(id => int.Parse(id[1..], null)).Order()];
        Assert.True(numbers.Zip(numbers.Skip(1), (a, b) => b - a).Count(step => step > 1) <= 1);
    }

    [Fact]
    public void The_same_seed_sets_the_same_aside_and_another_one_others()
    {
        Passage[] passages = [.. Enumerable.Range(0, 100).Select(i => In($"doc{i}", i, null))];
        Assert.Equal(HoldOut.Choose(passages, 0.1, 1).Passages, HoldOut.Choose(passages, 0.1, 1).Passages);
        Assert.NotEqual(HoldOut.Choose(passages, 0.1, 1).Passages, HoldOut.Choose(passages, 0.1, 2).Passages);
    }

    [Fact]
    public void Passages_that_are_spread_are_one_of_each_stretch_of_the_corpus()
    {
        Passage[] passages = [.. Enumerable.Range(0, 100).Select(i => In($"doc{i}", i, null))];
        HoldOut held = new HoldOut([], "") { MostTraining = 10, IsSpread = true };
        Passage[] training = held.Split(passages, 1).Training;
        Assert.Equal(Enumerable.Range(0, 10), training.Select(passage => Array.IndexOf(passages, passage) / 10));
        Assert.Equal(training, held.Split(passages, 1).Training);
        Assert.NotEqual(training, held.Split(passages, 2).Training);
        Assert.Equal(passages, (held with { MostTraining = 100 }).Split(passages, 1).Training);
    }

    [Fact]
    public void A_single_passage_cannot_be_held_out()
        => Assert.Contains("single passage", Assert.Throws<GenQException>(() => HoldOut.Choose([In("d", 0, null)], 0.1, 1)).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_both_parts_as_many_passages_get_queries_as_the_choice_says_drawn_by_the_seed_and_in_their_order()
    {
        Passage[] passages = [.. Enumerable.Range(0, 100).Select(i => In($"doc{i}", i, null))];
        HoldOut held = HoldOut.Choose(passages, 0.2, 1), few = held with { MostTraining = 30, MostEvaluated = 5 };
        (Passage[] training, Passage[] evaluation) = few.Split(passages, 1);
        (Passage[] allTraining, Passage[] allEvaluation) = held.Split(passages, 1);
        Assert.Equal((80, 20, 30, 5), (allTraining.Length, allEvaluation.Length, training.Length, evaluation.Length));
        Assert.Equal(allTraining.Where(training.Contains), training);
        Assert.Equal(allEvaluation.Where(evaluation.Contains), evaluation);
        Assert.NotEqual(training, few.Split(passages, 2).Training);
    }

    [Fact]
    public void What_a_passage_is_chosen_by_decides_nothing_of_its_queries()
    {
        Passage[] passages = [.. Enumerable.Range(0, 400).Select(i => new Passage($"p{i}", "text"))];
        HoldOut held = HoldOut.Choose(passages, 0.1, 1) with { MostTraining = 40, MostEvaluated = 4 };
        (Passage[] training, _) = held.Split(passages, 1);

        // The first draw of sample 0 or 1 of a passage, as the generator makes it, is as often high as low.
        foreach (int sample in (int[])[0, 1])
        {
            Assert.InRange(held.Passages.Average(id => new CounterRandom(1, id, sample).Uniform(0)), 0.35, 0.65);
            Assert.InRange(training.Average(passage => new CounterRandom(1, passage.Id, sample).Uniform(0)), 0.35, 0.65);
        }
    }

    [Fact]
    public void A_share_of_zero_sets_nothing_aside() => Assert.Empty(HoldOut.Choose([In("d", 0, null)], 0, 1).Passages);

    private static Passage In(string document, int number, string? title) => new($"p{number}", "text", title, new PassageOrigin("file", document, null, 0, 4));
}
