using GenQ.Compute;

namespace GenQ.Models;

/// <summary>One text that is being written, token by token.</summary>
/// <param name="text">Which of the texts it is written for.</param>
/// <param name="sample">Which of that text's it is.</param>
/// <param name="random">Its draws.</param>
/// <param name="startToken">What the decoder begins with.</param>
internal sealed class GeneratedSequence(int text, int sample, CounterRandom random, int startToken)
{
    /// <summary>All that are to be written for a text that was read.</summary>
    /// <param name="text">Which of the texts it is.</param>
    /// <param name="key">What its draws hang on.</param>
    /// <param name="options">How many, and how to choose.</param>
    /// <param name="config">The T5's.</param>
    public static GeneratedSequence[] For(int text, string key, DecodingOptions options, T5Config config) =>
    [
        .. Enumerable.Range(0, options.Count).Select(
            sample => new GeneratedSequence(text, sample, new CounterRandom(options.Seed, key, sample), config.DecoderStartTokenId)),
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
        Last = options.Method == DecodingMethod.Greedy
            ? TokenSampler.Best(logits)
            : TokenSampler.Draw(
                TokenSampler.Candidates(logits, options.Temperature, options.TopK, options.TopP), random.Uniform(Tokens.Count));
        LogProbability += logits[Last] - logSum;
        Tokens.Add(Last);
        IsFinished = Last == endToken || Tokens.Count + 1 >= options.MaxLength;
    }
}
