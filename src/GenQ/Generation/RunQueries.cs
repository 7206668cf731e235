using System.Globalization;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Filtering;

namespace GenQ.Generation;

/// <summary>
/// The queries of a run: training queries of the passages that are not held out, evaluation queries of those that are; and where the words index
/// reads queries, some of every passage that has none to train on.
/// </summary>
internal sealed class RunQueries(RunFolder run, GenQSettings settings, QueryMixture mixture)
{
    /// <summary>Whether all of them are there.</summary>
    public bool AreWritten(IReadOnlyList<Passage> passages)
    {
        if (!IsChosen) return false;
        (Passage[] training, Passage[] evaluation) = HoldOut.Load(run.HoldOut).Split(passages, settings.Seed);
        return IsMeasurable(evaluation) && PairFiles.AreComplete(run.Pairs, training.Length * mixture.Count)
            && PairFiles.AreComplete(run.IndexPairs, (passages.Count - training.Length) * settings.IndexedQueries);
    }

    /// <summary>Writes those that are missing.</summary>
    /// <param name="passages">The passages of the run.</param>
    /// <param name="progress">Told of the choice of passages and of every passage that has its queries.</param>
    /// <param name="cancellation">Stops the writer; whole pair files stay.</param>
    public async Task WriteAsync(IReadOnlyList<Passage> passages, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        // What gets queries may change until the first are there.
        HoldOut holdOut = IsChosen ? HoldOut.Load(run.HoldOut) : HoldOut.ChooseAnew(run.HoldOut, passages, settings);
        (Passage[] training, Passage[] evaluation) = holdOut.Split(passages, settings.Seed);
        progress.Say($"{holdOut.Sentence}");
        SayWhatGetsNone(holdOut, passages.Count, training.Length, evaluation.Length, progress);
        ChatQueryWriter? chat = mixture.Writer as ChatQueryWriter;
        if (GeneratorLanguage.Warning(passages, writesAnyLanguage: chat is not null) is { } warning) progress.Say($"{warning}");
        using T5QueryWriter? network = mixture.Writer as T5QueryWriter;
        try
        {
            if (!IsMeasurable(evaluation))
                await EvaluationQueries.WriteAsync(run, mixture, evaluation, Written("writing evaluation queries"), cancellation).ConfigureAwait(false);
            await new PairWriter(mixture, Written("writing queries")).WriteAsync(training, run.Pairs, cancellation).ConfigureAwait(false);
            if (settings.IndexedQueries > 0)
                await new PairWriter(mixture with { Count = settings.IndexedQueries, Crops = 0 }, Written("writing queries for the index")).WriteAsync([.. passages.Except(training)], run.IndexPairs, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (chat is not null)
            {
                WriterUsage.Add(run, chat);
                progress.Say($"the language model: {WriterUsage.Read(run).InWords}");
            }
        }

        IProgress<GenerationProgress> Written(string stage)
        {
            IProgress<GenerationProgress>? shown = progress.Of<GenerationProgress>(stage, p => (p.Queries, p.Total, p.Sample.Length > 0 ? $"\"{p.Sample}\"" : ""));
            return new SynchronousProgress<GenerationProgress>(written =>
            {
                if (chat is not null) WriterUsage.Add(run, chat);
                shown?.Report(written);
            });
        }
    }

    /// <summary>Streams the pairs of a run.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="seed">Where the choice of passages comes from.</param>
    /// <param name="queriesPerPassage">How many queries a passage was to get, as genq.json says it; <see langword="null"/> where it does not.</param>
    /// <param name="skipped">Is told each line that is no pair: file and line number.</param>
    /// <exception cref="GenQException">There are no pairs, or not all of them: the generation was interrupted.</exception>
    public static IEnumerable<QueryPassagePair> ReadPairs(RunFolder run, long seed, string? queriesPerPassage, Action<string, int>? skipped = null)
    {
        if (!Directory.Exists(run.Pairs))
            throw new GenQException($"'{run.Path}' has no pairs yet.") { Where = run.Pairs, Expected = "pairs", Remedy = new Remedy.RunStage("generate", run.Path) };
        if (File.Exists(run.HoldOut) && queriesPerPassage is not null)
        {
            int passages = HoldOut.Load(run.HoldOut).Split(PassageFile.Read(run.Passages), seed).Training.Length;
            RequireComplete(run, run.Pairs, passages * int.Parse(queriesPerPassage, CultureInfo.InvariantCulture));
        }

        return PairFiles.Read(run.Pairs, skipped);
    }

    /// <summary>Reads the queries that were written for the words index alone, without those that the filter drops.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="settings">The run's settings.</param>
    /// <exception cref="GenQException">Not all of them are there: the generation was interrupted.</exception>
    public static QueryPassagePair[] ReadIndexPairs(RunFolder run, GenQSettings settings)
    {
        if (File.Exists(run.HoldOut))
        {
            Passage[] passages = [.. PassageFile.Read(run.Passages)];
            int others = passages.Length - HoldOut.Load(run.HoldOut).Split(passages, settings.Seed).Training.Length;
            RequireComplete(run, run.IndexPairs, others * settings.IndexedQueries);
        }

        QueryPassagePair[] pairs = Directory.Exists(run.IndexPairs) ? [.. PairFiles.Read(run.IndexPairs)] : [];
        return [.. pairs.Zip(PairFilter.Judge(pairs)).Where(judged => judged.Second.Verdict == PairVerdict.Kept).Select(judged => judged.First)];
    }

    // Files of pairs are written one by one.
    private static void RequireComplete(RunFolder run, string folder, int pairs)
    {
        if (PairFiles.AreComplete(folder, pairs)) return;
        throw new GenQException(
            $"'{folder}' has {PairFiles.FirstMissing(folder)} of {PairFiles.Count(pairs)} files: the queries are not all written.")
        {
            Where = folder,
            Expected = $"{PairFiles.Count(pairs)} files",
            Got = $"{PairFiles.FirstMissing(folder)}",
            Remedy = new Remedy.RunStage("generate", run.Path),
        };
    }

    private bool IsChosen => File.Exists(run.HoldOut) && (Directory.Exists(run.Pairs) || Directory.Exists(run.HeldOutPairs));

    private bool IsMeasurable(Passage[] evaluation) => evaluation.Length == 0 || File.Exists(run.HeldOutQueries);

    // Of a large corpus a part gets queries: what no training step has a place for, and what would measure no better, is not written.
    private static void SayWhatGetsNone(HoldOut holdOut, int passages, int training, int evaluation, IProgress<StageProgress>? progress)
    {
        int heldOut = holdOut.Passages.Count, others = passages - heldOut;
        if (training < others)
            progress.Say($"Training queries are written for {training:N0} of {others:N0} passages{(holdOut.IsSpread ? ", spread over the corpus." : ": the most training steps that the run began with have no place for more.")}");
        if (evaluation < heldOut) progress.Say($"Evaluation queries are written for {evaluation:N0} of the {heldOut:N0} held-out passages: enough to measure with.");
    }
}
