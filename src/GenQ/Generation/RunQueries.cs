using System.Globalization;
using GenQ.Data;
using GenQ.Evaluation;

namespace GenQ.Generation;

/// <summary>The queries of a run: training queries of the passages that are not held out, evaluation queries of those that are.</summary>
internal sealed class RunQueries(RunFolder run, GenQSettings settings, QueryMixture mixture)
{
    /// <summary>Whether all of them are there.</summary>
    public bool AreWritten(IReadOnlyList<Passage> passages)
    {
        if (!IsChosen) return false;
        (Passage[] training, Passage[] evaluation) = HoldOut.Load(run.HoldOut).Split(passages, settings.Seed);
        return IsMeasurable(evaluation) && PairFiles.AreComplete(run.Pairs, training.Length * mixture.Count);
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
        if (GeneratorLanguage.Warning(passages) is { } warning) progress.Say($"{warning}");
        using T5QueryWriter? network = mixture.Writer as T5QueryWriter;
        if (!IsMeasurable(evaluation))
            await EvaluationQueries.WriteAsync(run, mixture, evaluation, Written("writing evaluation queries"), cancellation).ConfigureAwait(false);
        await new PairWriter(mixture, Written("writing queries")).WriteAsync(training, run.Pairs, cancellation).ConfigureAwait(false);
        IProgress<GenerationProgress>? Written(string stage) => progress.Of<GenerationProgress>(stage, p => (p.Queries, p.Total, $"\"{p.Sample}\""));
    }

    /// <summary>Streams the pairs of a run.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="seed">Where the choice of passages comes from.</param>
    /// <param name="queriesPerPassage">How many queries a passage was to get, as genq.json says it; <see langword="null"/> where it does not.</param>
    /// <param name="skipped">Is told each line that is no pair: file and line number.</param>
    /// <exception cref="GenQException">There are no pairs, or not all of them: the generation was interrupted.</exception>
    public static IEnumerable<QueryPassagePair> ReadPairs(RunFolder run, long seed, string? queriesPerPassage, Action<string, int>? skipped = null)
    {
        RequirePairs(run, seed, queriesPerPassage);
        return PairFiles.Read(run.Pairs, skipped);
    }

    // Files of pairs are written one by one.
    private static void RequirePairs(RunFolder run, long seed, string? queriesPerPassage)
    {
        if (!Directory.Exists(run.Pairs))
            throw new GenQException($"'{run.Path}' has no pairs yet.") { Where = run.Pairs, Expected = "pairs", Remedy = new Remedy.RunStage("generate", run.Path) };
        if (!File.Exists(run.HoldOut) || queriesPerPassage is null) return;
        int passages = HoldOut.Load(run.HoldOut).Split(PassageFile.Read(run.Passages), seed).Training.Length;
        int pairs = passages * int.Parse(queriesPerPassage, CultureInfo.InvariantCulture);
        if (PairFiles.AreComplete(run.Pairs, pairs)) return;
        throw new GenQException(
            $"'{run.Pairs}' has {PairFiles.FirstMissing(run.Pairs)} of {PairFiles.Count(pairs)} files: the queries are not all written.")
        {
            Where = run.Pairs,
            Expected = $"{PairFiles.Count(pairs)} files",
            Got = $"{PairFiles.FirstMissing(run.Pairs)}",
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
            progress.Say($"Training queries are written for {training:N0} of {others:N0} passages: the most training steps that the run began with have no place for more.");
        if (evaluation < heldOut) progress.Say($"Evaluation queries are written for {evaluation:N0} of the {heldOut:N0} held-out passages: enough to measure with.");
    }
}
