using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Filtering;
using GenQ.Text;

namespace GenQ.Reporting;

/// <summary>
/// The report of a run as a page for people: the verdict, the figures, and everything that helps to judge them. It is made of the files of the run folder
/// alone, opens no model, and shows samples, however long the run was.
/// </summary>
internal static class RunPage
{
    /// <summary>Writes report.html, and each of its charts as a file of its own beside it.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="invocation">Says how a run of these settings is made again, in the words of an interface.</param>
    /// <returns>The path of the page.</returns>
    /// <exception cref="GenQException">The run has not been measured, or one of its files is damaged.</exception>
    public static string Write(RunFolder run, Func<GenQSettings, string>? invocation)
    {
        GenQSettings settings = new RunLedger(run.Settings).Settings;
        RunRecords records = new(run.Settings);
        (MeasuredSet main, MeasuredSet? labelled) = MeasuredSet.Read(run);
        IReadOnlyList<SampledPassage> samples = SampledPassage.Read(run);
        (IReadOnlyList<EvaluatedQuery> won, IReadOnlyList<EvaluatedQuery> lost) = QuestionsSection.Choose(main.Asked);
        CorpusFacts corpus = CorpusFacts.Read(run, QuestionsSection.Passages(won.Concat(lost)).Concat(samples.Select(sample => sample.Id)).ToHashSet());
        IReadOnlyDictionary<string, Passage> known = IsMeasuredOnItsPassages(run, settings, records) ? corpus.Named : new Dictionary<string, Passage>();
        IReadOnlyList<(Chart Chart, string Caption)> curves = TrainingSection.Charts(run);
        Chart figures = FiguresSection.Bars("figures", "nDCG@10 of each search", FiguresSection.InOrder(main.Rows));
        Chart? own = labelled is null ? null : FiguresSection.Bars("labelled-figures", "nDCG@10 of each search on your labelled queries", FiguresSection.InOrder(labelled.Rows));
        Chart? lengths = corpus.Words.Count == 0 ? null : CorpusSection.LengthsChart(corpus);
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(run.Path)));
        string? heldOut = File.Exists(run.HoldOut) ? HoldOut.Load(run.HoldOut).Sentence : null;

        Html[] parts =
        [
            PageFrame.Section("figures-part", "How well each search finds the right passage", Figures(main, figures)),
            .. labelled is null ? (Html[])[] : [PageFrame.Section("labelled-part", "On your labelled queries", Html.Of($"<p>{labelled.Sentence}</p>{Figures(labelled, own!)}"))],
            PageFrame.Section("corpus-part", "What was read", CorpusSection.Of(corpus, heldOut)),
            PageFrame.Section("queries-part", "The queries that were written", SamplesSection.Of(FilterFile.ReadSummary(run), samples, corpus)),
            .. lengths is null ? (Html[])[] : [PageFrame.Section("lengths-part", "How long the passages are", CorpusSection.Lengths(corpus, lengths))],
            PageFrame.Section("training-part", "The training", TrainingSection.Of(curves)),
            PageFrame.Section("questions-part", "The questions that changed most", QuestionsSection.Of(main, known)),
            PageFrame.Section("settings-part", "Settings", ProvenanceSection.Settings(settings)),
            PageFrame.Section("provenance-part", "Where it comes from", ProvenanceSection.Of(settings, records, main.Precision, invocation?.Invoke(settings))),
        ];
        foreach (Chart chart in new[] { figures, own, lengths }.OfType<Chart>().Concat(curves.Select(curve => curve.Chart)))
            AtomicFile.WriteText(Path.Combine(Path.GetDirectoryName(run.ReportPage)!, $"{chart.Name}.svg"), writer => writer.Write(chart.File));
        Html page = PageFrame.Of($"{name}: report of a GenQ run", Header(name, main, records), Html.Join(parts));
        AtomicFile.WriteText(run.ReportPage, writer => writer.Write(page));
        return run.ReportPage;
    }

    // The verdict's claim stands before its colon.
    private static Html Header(string name, MeasuredSet main, RunRecords records)
    {
        int colon = main.Sentence.IndexOf(": ", StringComparison.Ordinal);
        string claim = colon < 0 ? main.Sentence : main.Sentence[..colon], rest = colon < 0 ? "" : main.Sentence[(colon + 2)..];
        string tone = main.Word switch
        {
            Verdict.Better => "good",
            Verdict.Worse => "bad",
            _ => "",
        };
        string? begun = records.Root["evaluate"]?["recorded"]?["begun"]?.ToString();
        return Html.Of($"""
            <p class="muted small">GenQ run <bdi><strong>{name}</strong></bdi>{(begun is null ? "" : $", measured {begun}")}</p>
            <h1 class="{tone}">{claim}.</h1>
            <p class="lead">{rest.Replace(" %", "\u00A0%", StringComparison.Ordinal)}</p>
            {(main.Kept is { } kept ? Html.Of($"<p>Kept of the training: {kept}.</p>") : Html.Empty)}
            """);
    }

    private static Html Figures(MeasuredSet set, Chart bars)
    {
        IReadOnlyList<MeasuredRow> rows = FiguresSection.InOrder(set.Rows);
        string intervals = set.Rows.All(row => row.Interval is null)
            ? "The single queries were not kept when this run was measured, so the bars have no intervals."
            : "The thin lines are 95 % intervals: other queries of this kind would have given other means. Intervals may overlap where the difference is sure, because all searches answer the same queries: the table of differences decides.";
        return Html.Of($"""
            <p>Measured on {set.Queries:N0} {(set.IsGenerated ? "generated queries, whose documents were held out" : "labelled queries")}.</p>
            <div class="split figures">{PageFrame.Figure(bars, intervals)}<div>{FiguresSection.Table(rows)}{FiguresSection.Differences(set.Differences.Select(difference => (FiguresSection.DifferenceOf(difference.Name), difference.Interval)))}</div></div>
            {(set.Kinds.Count > 1 ? FiguresSection.Kinds(set.Kinds) : Html.Empty)}
            """);
    }

    // Labelled queries may be of another corpus, whose ids can be the same and mean other passages.
    private static bool IsMeasuredOnItsPassages(RunFolder run, GenQSettings settings, RunRecords records)
        => settings.Labelled is null
            || records.Begun("evaluate", "corpus") == Fingerprint.OfTexts([.. PassageFile.Read(run.Passages).Select(passage => passage.SearchText)]);
}
