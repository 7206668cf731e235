using System.Globalization;
using GenQ.Data;
using GenQ.Evaluation;

namespace GenQ.Generation;

/// <summary>What a run's queries would cost, by what a few passages have cost.</summary>
/// <param name="Passages">Passages that are still to be asked about.</param>
/// <param name="Calls">Calls, about.</param>
/// <param name="TokensIn">Tokens that the model would read, about.</param>
/// <param name="TokensOut">Tokens that it would write, about.</param>
/// <param name="Price">What that costs, where prices are given.</param>
/// <param name="Probe">What the passages of the probe have cost: their answers are kept.</param>
public sealed record ChatEstimate(int Passages, long Calls, long TokensIn, long TokensOut, double? Price, ChatUsage Probe)
{
    // Two calls tell more than one: some answers are longer.
    private const int ProbeCalls = 2;

    /// <summary>The estimate in a sentence or two.</summary>
    public string InWords
    {
        get
        {
            if (Passages == 0 && Probe.Passages == 0) return "every answer is there from earlier runs: nothing is to be asked";
            string price = Price is { } known ? string.Create(CultureInfo.InvariantCulture, $", at these prices {known:0.00}") : "";
            string tokens = TokensIn + TokensOut > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{TokensIn:N0} tokens in and {TokensOut:N0} out{price}")
                : "how many tokens, the service does not say";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Passages:N0} passages are still to be asked about, in about {Calls:N0} calls: {tokens}. The probe, which is kept: {Probe.InWords}");
        }
    }

    /// <summary>Asks about a few of the passages that get queries, and reckons what the others would cost.</summary>
    /// <param name="writer">The writer of the run.</param>
    /// <param name="settings">The run's settings.</param>
    /// <param name="passages">The run's passages.</param>
    /// <param name="cancellation">Stops the probe.</param>
    internal static async Task<ChatEstimate> ProbeAsync(ChatQueryWriter writer, GenQSettings settings, IReadOnlyList<Passage> passages, CancellationToken cancellation)
    {
        QueryMixture mixture = QueryMixture.Of(settings, writer);
        (Passage[] training, Passage[] evaluation) = HoldOut.Of(passages, settings).Split(passages, settings.Seed);
        int count = mixture.Count - mixture.Crops;
        Passage[] open = writer.Unanswered(new QueryRequest(training, count));
        Passage[] probe = [.. EvenSpread.Of(open.Length, ProbeCalls * writer.Options.PassagesPerCall).Select(place => open[place])];
        if (probe.Length > 0) await foreach (PassageQueries _ in writer.WriteAsync(new QueryRequest(probe, count), cancellation).ConfigureAwait(false)) { }
        ChatUsage usage = writer.TakeUsage();
        int left = open.Length - probe.Length + writer.Unanswered(new QueryRequest(evaluation, EvaluationQueries.PerPassage(mixture.Count))).Length;
        double each = usage.Passages == 0 ? 0 : left / (double)usage.Passages;
        long tokensIn = (long)(usage.TokensIn * each), tokensOut = (long)(usage.TokensOut * each);
        double? price = writer.Options is { PriceIn: { } priceIn, PriceOut: { } priceOut } ? (tokensIn * priceIn + tokensOut * priceOut) / 1e6 : null;
        return new ChatEstimate(left, (long)Math.Ceiling(usage.Calls * each), tokensIn, tokensOut, price, usage);
    }
}
