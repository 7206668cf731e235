using GenQ.Data;
using GenQ.Evaluation;

namespace GenQ.Tests.Evaluation;

public sealed class TakenOutQueriesTests
{
    private const string Rest = "The pump of the circuit is started by the controller when the water is warm. Before that the valve under the tank is opened by hand.";

    [Fact]
    public void A_sentence_is_asked_of_the_corpus_in_which_its_passage_lacks_it()
    {
        Passage[] passages = [new("a", $"{Rest} The red lamp says that the filter is blocked."), new("b", Rest)];
        RetrievalTask task = TakenOutQueries.Sentences(passages, id => id == "a", seed: 1)!;
        RetrievalQuery query = Assert.Single(task.Queries);
        Assert.Contains(query.Text, passages[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(query.Text, task.Corpus[0].Text, StringComparison.Ordinal);
        Assert.Equal(["a"], task.Relevant[query.Id].Keys);
        Assert.Equal(passages[1], task.Corpus[1]);
        Assert.Equal(task.Queries, TakenOutQueries.Sentences(passages, id => id == "a", seed: 1)!.Queries);
    }

    [Fact]
    public void A_text_without_sentences_gives_a_stretch_of_words_and_a_short_one_nothing()
    {
        string words = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"w{i}"));
        RetrievalTask task = TakenOutQueries.Sentences([new("a", words), new("b", "too short to lose a sentence")], _ => true, seed: 1)!;
        RetrievalQuery query = Assert.Single(task.Queries);
        Assert.Equal(12, query.Text.Split(' ').Length);
        Assert.Contains(query.Text, words, StringComparison.Ordinal);
        Assert.Equal(28, task.Corpus[0].Text.Split(' ').Length);
        Assert.Null(TakenOutQueries.Sentences([new("b", "too short to lose a sentence")], _ => true, seed: 1));
    }

    [Fact]
    public void A_heading_is_asked_for_all_passages_below_it_and_they_lose_it()
    {
        Passage[] passages =
        [
            new("a", Rest, "Manual > Blocked filters"), new("b", Rest, "Manual > Blocked filters"),
            new("c", Rest, "Manual > Notes"), new("d", Rest, "First part > See also this"), new("e", Rest, "Second part > See also this"),
        ];
        RetrievalTask task = TakenOutQueries.Headings(passages, _ => true, seed: 1)!;
        RetrievalQuery query = Assert.Single(task.Queries);
        Assert.Equal("Blocked filters", query.Text);
        Assert.Equal(["a", "b"], task.Relevant[query.Id].Keys.Order());
        Assert.Equal(["Manual", "Manual", "Manual > Notes"], task.Corpus.Take(3).Select(passage => passage.Title));
        Assert.Null(TakenOutQueries.Headings(passages, id => id == "a", seed: 1));
    }
}
