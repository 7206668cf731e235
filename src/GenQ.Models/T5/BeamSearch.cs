namespace GenQ.Models;

/// <summary>
/// The beam of one text: keeps the likeliest unfinished hypotheses and collects finished ones, as Hugging Face's
/// <c>generate</c> does with early stopping and a length penalty of 1.
/// </summary>
internal sealed class BeamSearch(int beams, int endToken, int maxLength)
{
    private readonly List<Hypothesis> _finished = [];

    /// <summary>A text that is being written.</summary>
    /// <param name="Tokens">Without the start token.</param>
    /// <param name="LogProbability">Sum over the tokens.</param>
    /// <param name="Parent">Which of the previous hypotheses it continues.</param>
    public sealed record Hypothesis(int[] Tokens, double LogProbability, int Parent)
    {
        /// <summary>Mean log-probability of a token: what finished hypotheses are ranked by.</summary>
        public double Score => LogProbability / Tokens.Length;
    }

    /// <summary>The unfinished hypotheses, likeliest first; at the start a single empty one.</summary>
    public IReadOnlyList<Hypothesis> Running { get; private set; } = [new Hypothesis([], 0, 0)];

    /// <summary>Whether as many hypotheses as beams are finished, or the length is used up.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The finished hypotheses, best score first.</summary>
    public IEnumerable<Hypothesis> Finished => _finished.OrderByDescending(h => h.Score).Take(beams);

    /// <summary>Continues every hypothesis by one token.</summary>
    /// <param name="logits">For each of <see cref="Running"/>, in its order, one logit per token.</param>
    public void Advance(IReadOnlyList<ReadOnlyMemory<float>> logits)
    {
        // Twice as many candidates as beams: even if every beam could end now, enough go on.
        List<Hypothesis> candidates = [];
        for (int parent = 0; parent < Running.Count; parent++)
        {
            ReadOnlySpan<float> row = logits[parent].Span;
            double logSum = LogSumExp(row);
            foreach ((int token, float logit) in TokenSampler.Top(row, 2 * beams))
            {
                candidates.Add(new([.. Running[parent].Tokens, token], Running[parent].LogProbability + logit - logSum, parent));
            }
        }

        Hypothesis[] best = [.. candidates.OrderByDescending(c => c.LogProbability).ThenBy(c => c.Parent).ThenBy(c => c.Tokens[^1]).Take(2 * beams)];

        // The start token counts towards the maximal length.
        bool full = best[0].Tokens.Length + 1 >= maxLength;
        bool Ends(Hypothesis h) => full || h.Tokens[^1] == endToken;
        _finished.AddRange(best.Take(beams).Where(Ends));
        Running = [.. best.Where(h => !Ends(h)).Take(beams)];
        IsDone = full || _finished.Count >= beams;
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        float highest = float.NegativeInfinity;
        foreach (float logit in logits) highest = Math.Max(highest, logit);
        double sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - highest);
        return highest + Math.Log(sum);
    }
}
