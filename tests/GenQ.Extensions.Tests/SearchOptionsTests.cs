using GenQ.Onnx;
using GenQ.Retrieval;

namespace GenQ.Extensions.Tests;

public sealed class SearchOptionsTests : IDisposable
{
    private readonly TinyRun _run = new("the pump is oiled every week", "the valve leaks when pumps run", "the lamp glows");
    private readonly RunSearcher _searcher;

    public SearchOptionsTests() => _searcher = RunSearcher.Open(_run.Run, OnnxEncoder.OfRun(_run.Run));

    public void Dispose()
    {
        _searcher.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void Without_options_of_ones_own_a_search_is_what_it_was()
        => Assert.Equal(_searcher.Search("oiled pump").Hits, _searcher.Search("oiled pump", new SearchOptions()).Hits);

    [Fact]
    public void Words_without_weight_leave_the_order_of_meaning_and_their_own_weight_is_the_run_s()
    {
        Assert.Equal(Ids(new() { Mode = SearchMode.Meaning }), Ids(new() { WordsWeight = 0 }));
        Assert.Equal(_searcher.Search("oiled pump").Hits, _searcher.Search("oiled pump", new SearchOptions { WordsWeight = _searcher.WordsWeight }).Hits);
    }

    [Theory]
    [InlineData(SearchMode.Both)]
    [InlineData(SearchMode.Meaning)]
    [InlineData(SearchMode.Words)]
    public void Passages_that_may_not_be_found_leave_their_places_to_others_whose_scores_stay(SearchMode mode)
    {
        SearchHit[] all = [.. _searcher.Search("oiled pump", new SearchOptions { Mode = SearchMode.Meaning, Top = 3 }).Hits];
        SearchOptions options = new() { Mode = mode, Top = 1, Where = passage => passage.Id != "p0" };
        SearchHit hit = Assert.Single(_searcher.Search("oiled pump", options).Hits);
        Assert.NotEqual("p0", hit.Passage.Id);
        if (mode == SearchMode.Meaning) Assert.Equal(all.First(own => own.Passage.Id != "p0").Score, hit.Score);
    }

    [Fact]
    public void A_hit_says_its_score_and_its_place_by_each_way_and_where_the_words_stand()
    {
        SearchHit hit = _searcher.Search("pump leaking", new SearchOptions { Mode = SearchMode.Words, Explain = true }).Hits[0];
        Assert.Equal("p1", hit.Passage.Id);
        HitExplanation why = hit.Explanation!;
        Assert.Equal(hit.Score, why.Words, 1e-6);
        Assert.Equal(1, why.WordsRank);
        SearchHit[] byMeaning = [.. _searcher.Search("pump leaking", new SearchOptions { Mode = SearchMode.Meaning }).Hits];
        int place = Array.FindIndex(byMeaning, own => own.Passage.Id == "p1");
        Assert.Equal(place + 1, why.MeaningRank);
        Assert.Equal(byMeaning[place].Score, why.Meaning, 1e-6);
        Assert.Equal(["leaks", "pumps"], why.Matches.Select(match => hit.Passage.Text[match]));
    }

    [Fact]
    public void A_passage_without_a_word_of_the_query_has_no_place_by_words()
    {
        HitExplanation why = _searcher.Search("pump", new SearchOptions { Mode = SearchMode.Meaning, Explain = true }).Hits.Single(hit => hit.Passage.Id == "p2").Explanation!;
        Assert.Equal(0, why.Words);
        Assert.Null(why.WordsRank);
        Assert.Empty(why.Matches);
        Assert.Null(_searcher.Search("pump").Hits[0].Explanation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void At_least_one_result_is_asked_for(int top) => Assert.Throws<ArgumentOutOfRangeException>(() => new SearchOptions { Top = top });

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void The_weight_of_words_is_a_number_of_at_least_zero(float weight) => Assert.Throws<ArgumentOutOfRangeException>(() => new SearchOptions { WordsWeight = weight });

    private string[] Ids(SearchOptions options) => [.. _searcher.Search("oiled pump", options).Hits.Select(hit => hit.Passage.Id)];
}
