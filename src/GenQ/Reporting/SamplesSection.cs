using GenQ.Data;
using GenQ.Filtering;

namespace GenQ.Reporting;

/// <summary>Some of the queries that were written, and what the filter made of all of them.</summary>
internal static class SamplesSection
{
    private const int LongestQuery = 300, LongestTitle = 160, LongestText = 320;

    /// <summary>The part of the page.</summary>
    /// <param name="verdicts">How many pairs each verdict has; none where nothing was filtered.</param>
    /// <param name="samples">Passages with their queries; none where the run has no pairs.</param>
    /// <param name="corpus">Holds the passages.</param>
    public static Html Of(IReadOnlyList<FilteredPairs> verdicts, IReadOnlyList<SampledPassage> samples, CorpusFacts corpus)
    {
        if (samples.Count == 0) return Html.Of($"<p>This run has no training queries of its own: its model was trained elsewhere, or on pairs that are gone.</p>");
        IEnumerable<IGrouping<string, SampledPassage>> documents = samples.GroupBy(sample => corpus.Named.GetValueOrDefault(sample.Id)?.Origin?.DocumentId ?? "");
        return Html.Of($"""
            {(verdicts.Count == 0 ? Html.Of($"<p>The queries were not filtered: all that have words are trained on.</p>") : Verdicts(verdicts))}
            <h3>Some of them, spread over the corpus</h3>
            {documents.Select(document => Document(document.Key, document, corpus))}
            """);
    }

    private static Html Verdicts(IReadOnlyList<FilteredPairs> verdicts) => Html.Of($"""
        <table>
        <thead><tr><th scope="col">queries</th><th scope="col" class="number">number</th><th scope="col" class="number">share</th><th scope="col" aria-hidden="true" class="meter"></th></tr></thead>
        <tbody>{verdicts.Select(verdict => Html.Of($"""
            <tr><th scope="row">{WordsOf(verdict.Verdict)}</th><td class="number">{verdict.Pairs:N0}</td><td class="number">{Share(verdict) * 100:0.0} %</td><td aria-hidden="true" class="meter"><span class="{(verdict.Verdict == nameof(PairVerdict.Kept) ? "kept" : "dropped")}" style="width:{Share(verdict) * 100:0.#}%"></span></td></tr>
            """))}</tbody>
        </table>
        """);

    private static double Share(FilteredPairs verdict) => (double)verdict.Pairs / Math.Max(1, verdict.Of);

    private static Html Document(string document, IEnumerable<SampledPassage> passages, CorpusFacts corpus) => Html.Of($"""
        <article class="card">
        {(document.Length > 0 ? Html.Of($"""<h4><bdi>{Html.Cut(document, LongestTitle)}</bdi></h4>""") : Html.Empty)}
        {passages.Select(passage => Passage(passage, corpus.Named.GetValueOrDefault(passage.Id)))}
        </article>
        """);

    private static Html Passage(SampledPassage sample, Passage? passage) => Html.Of($"""
        <p class="passage"><strong><bdi>{Html.Cut(passage?.Title ?? sample.Id, LongestTitle)}</bdi></strong><br><bdi class="muted small">{Html.Cut(passage?.Text ?? "", LongestText)}</bdi></p>
        <ul class="queries">{sample.Queries.Where(HasWords).Select(query => Query(query.Text, query.Verdict))}{Empty(sample.Queries.Count(query => !HasWords(query)))}</ul>
        """);

    private static bool HasWords((string Text, PairVerdict? Verdict) query) => !string.IsNullOrWhiteSpace(query.Text);

    // They say the same, so they are counted, not listed.
    private static Html Empty(int count) => count == 0 ? Html.Empty : Html.Of($"""<li class="muted">{count} left empty, since nothing good enough was written</li>""");

    private static Html Query(string text, PairVerdict? verdict)
    {
        Html words = Html.Of($"""<bdi>{Html.Cut(text, LongestQuery)}</bdi>""");
        return verdict switch
        {
            null => Html.Of($"<li>{words}</li>"),
            PairVerdict.Kept => Html.Of($"""<li class="kept">{words} <span class="good small">kept</span></li>"""),
            _ => Html.Of($"""<li class="dropped">{words} <span class="bad small">dropped: {ReasonOf(verdict.Value)}</span></li>"""),
        };
    }

    private static string WordsOf(string verdict) => !Enum.TryParse(verdict, out PairVerdict known) ? verdict
        : known == PairVerdict.Kept ? "kept and trained on" : $"dropped: {ReasonOf(known)}";

    private static string ReasonOf(PairVerdict verdict) => verdict switch
    {
        PairVerdict.Empty => "left empty, since nothing good enough was written",
        PairVerdict.OneWord => "a single word",
        PairVerdict.Duplicate => "written before for the same passage",
        PairVerdict.Repetitive => "repeats itself",
        PairVerdict.NotFound => "does not find its passage",
        PairVerdict.Copied => "a stretch of its passage, which its words alone find",
        PairVerdict.NearDuplicate => "says what another query of the passage says",
        PairVerdict.NotSelfContained => "points at a text that a searcher does not see",
        _ => "",
    };
}
