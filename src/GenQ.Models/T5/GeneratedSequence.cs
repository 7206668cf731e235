using System.Buffers;
using GenQ.Compute;

namespace GenQ.Models;

/// <summary>One text that is being written, token by token.</summary>
/// <param name="text">Which of the texts it is written for.</param>
/// <param name="sample">Which of that text's it is.</param>
/// <param name="random">Its draws.</param>
/// <param name="startToken">What the decoder begins with.</param>
/// <param name="words">Which words may be written; <see langword="null"/> for any.</param>
internal sealed class GeneratedSequence(int text, int sample, CounterRandom random, int startToken, WordChooser? words)
{
    /// <summary>All that are to be written for a text that was read.</summary>
    /// <param name="text">Which of the texts it is.</param>
    /// <param name="read">What was read.</param>
    /// <param name="options">How many, and how to choose.</param>
    /// <param name="config">The T5's.</param>
    public static GeneratedSequence[] For(int text, TextRead read, DecodingOptions options, T5Config config) =>
    [
        .. Enumerable.Range(0, options.Count).Select(sample => new GeneratedSequence(
            text, sample, new CounterRandom(options.Seed, read.Key, sample), config.DecoderStartTokenId, read.Chooser(config.EosTokenId))),
    ];

    /// <summary>Which of the texts it is written for.</summary>
    public int Text => text;

    /// <summary>Which of that text's it is.</summary>
    public int Sample => sample;

    /// <summary>The last token.</summary>
    public int Last { get; private set; } = startToken;

    /// <summary>All tokens but the start.</summary>
    public List<int> Tokens { get; } = [];

    /// <summary>The sum of the tokens' log-probabilities.</summary>
    public double LogProbability { get; private set; }

    /// <summary>Whether the end token was chosen, or there is no room for another.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Chooses the next token.</summary>
    /// <param name="logits">(vocabulary).</param>
    /// <param name="logSum">The logarithm of the sum of their exponentials.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="endToken">What ends the text.</param>
    public void Choose(ReadOnlySpan<float> logits, float logSum, DecodingOptions options, int endToken)
    {
        if (words is not null || options.NoRepeatNgram > 0)
        {
            float[] scratch = ArrayPool<float>.Shared.Rent(logits.Length);
            Last = Pick(Allow(logits, scratch.AsSpan(0, logits.Length), options.NoRepeatNgram, endToken), options);
            ArrayPool<float>.Shared.Return(scratch);
        }
        else
        {
            Last = Pick(logits, options);
        }

        LogProbability += logits[Last] - logSum;
        Tokens.Add(Last);
        words?.Choose(Last);
        IsFinished = Last == endToken || Tokens.Count + 1 >= options.MaxLength;
    }

    private int Pick(ReadOnlySpan<float> logits, DecodingOptions options) => options.Method == DecodingMethod.Greedy
        ? TokenSampler.Best(logits)
        : TokenSampler.Draw(TokenSampler.Candidates(logits, options.Temperature, options.TopK, options.TopP), random.Uniform(Tokens.Count));

    // Minus infinity for what the words and the repeats rule out; the end where nothing is left.
    private Span<float> Allow(ReadOnlySpan<float> logits, Span<float> allowed, int ngram, int endToken)
    {
        if (words is null)
        {
            logits.CopyTo(allowed);
        }
        else
        {
            allowed.Fill(float.NegativeInfinity);
            foreach (int token in words.Allowed()) allowed[token] = logits[token];
        }

        foreach (int token in Repeats(ngram)) allowed[token] = float.NegativeInfinity;
        if (!allowed.ContainsAnyExcept(float.NegativeInfinity)) allowed[endToken] = logits[endToken];
        return allowed;
    }

    // The tokens that would write a run of tokens again.
    private IEnumerable<int> Repeats(int ngram)
    {
        if (ngram == 0) yield break;
        for (int start = 0; start + ngram <= Tokens.Count; start++)
        {
            bool isSame = true;
            for (int i = 0; i < ngram - 1 && isSame; i++) isSame = Tokens[start + i] == Tokens[Tokens.Count - ngram + 1 + i];
            if (isSame) yield return Tokens[start + ngram - 1];
        }
    }
}
