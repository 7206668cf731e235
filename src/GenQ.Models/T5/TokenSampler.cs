namespace GenQ.Models;

/// <summary>Chooses a token from logits: temperature, then top-k, then top-p, as Hugging Face's logits warpers do.</summary>
internal static class TokenSampler
{
    /// <summary>A token that can be drawn, and its probability.</summary>
    public readonly record struct Candidate(int Token, float Probability);

    /// <summary>
    /// Lists the tokens left after temperature, top-k and top-p, the likeliest first, their probabilities adding to 1.
    /// </summary>
    /// <param name="logits">One logit per token.</param>
    /// <param name="temperature">Divides the logits.</param>
    /// <param name="topK">Tokens below the k-th logit are out, ties with it stay; 0 is off.</param>
    /// <param name="topP">
    /// From the least likely on, tokens are out while their probabilities add up to no more than 1 − p; one always stays.
    /// </param>
    public static List<Candidate> Candidates(ReadOnlySpan<float> logits, double temperature, int topK, double topP)
    {
        List<Candidate> kept = Top(logits, topK == 0 ? logits.Length : Math.Min(topK, logits.Length));
        kept.RemoveAll(candidate => float.IsNegativeInfinity(candidate.Probability));
        Softmax(kept, (float)temperature);

        double left = 0;
        int count = kept.Count;
        while (topP < 1 && count > 1 && (float)(left += kept[count - 1].Probability) <= (float)(1 - topP)) count--;
        kept.RemoveRange(count, kept.Count - count);
        float sum = kept.Sum(c => c.Probability);
        for (int i = 0; i < kept.Count; i++) kept[i] = kept[i] with { Probability = kept[i].Probability / sum };
        return kept;
    }

    /// <summary>Draws a token.</summary>
    /// <param name="candidates">From <see cref="Candidates"/>.</param>
    /// <param name="uniform">A number in [0, 1).</param>
    public static int Draw(List<Candidate> candidates, double uniform)
    {
        double passed = 0;
        foreach (Candidate candidate in candidates)
        {
            passed += candidate.Probability;
            if (uniform < passed) return candidate.Token;
        }

        return candidates[^1].Token;
    }

    /// <summary>Finds the token with the highest logit, the first one among equals.</summary>
    public static int Best(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best]) best = i;
        }

        return best;
    }

    /// <summary>Lists the k highest logits, and ties with the last of them, highest first. Among equals the later token leads.</summary>
    internal static List<Candidate> Top(ReadOnlySpan<float> logits, int k)
    {
        // Only logits above a rising threshold enter, and the list is cut back to k whenever it has doubled: nearly every
        // token costs one comparison.
        List<Candidate> top = new(Math.Min(2 * k, logits.Length) + 1);
        float threshold = float.NegativeInfinity;
        for (int token = 0; token < logits.Length; token++)
        {
            if (!(logits[token] >= threshold)) continue;
            top.Add(new Candidate(token, logits[token]));
            if (top.Count > 2 * k && top[^1].Probability > threshold) threshold = Cut(top, k);
        }

        Cut(top, k);
        return top;
    }

    private static float Cut(List<Candidate> top, int k)
    {
        // Among equals the earlier token is the first to go. The reference leaves that to an unstable sort.
        top.Sort((a, b) => a.Probability != b.Probability ? b.Probability.CompareTo(a.Probability) : b.Token.CompareTo(a.Token));
        int count = Math.Min(k, top.Count);
        float threshold = top[count - 1].Probability;
        while (count < top.Count && top[count].Probability == threshold) count++;
        top.RemoveRange(count, top.Count - count);
        return threshold;
    }

    // In place: the candidates carry logits before and probabilities after.
    private static void Softmax(List<Candidate> candidates, float temperature)
    {
        float highest = candidates[0].Probability / temperature, sum = 0;
        for (int i = 0; i < candidates.Count; i++)
        {
            float exp = MathF.Exp((candidates[i].Probability / temperature) - highest);
            sum += exp;
            candidates[i] = candidates[i] with { Probability = exp };
        }

        for (int i = 0; i < candidates.Count; i++) candidates[i] = candidates[i] with { Probability = candidates[i].Probability / sum };
    }
}
