using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>
/// Lays out the texts of each step: short texts whole, spans of all lengths of the long ones, in batches of about equally
/// long texts or of groups of neighbours. Batch n is a function of the seed and n alone.
/// </summary>
internal sealed class DistillationTexts
{
    // Questions and sentences have no more words than this; what is longer gives spans.
    private const int ShortWords = 32;

    // Texts as far away as this many groups of neighbours are neighbours still: the same ones seldom meet twice.
    private const int Vicinity = 4;

    private readonly EncoderDistillerOptions _options;

    // In the order of the input, which is what makes neighbours.
    private readonly DistillationText[] _texts;

    // For each text its words where it is long, else 0.
    private readonly int[] _wordsOfLong;

    // Where the short and the long ones stand.
    private readonly int[] _short, _long;

    // For each long text the words of it and of all before it.
    private readonly long[] _words;

    private readonly BatchPool<DistillationText> _batches;

    /// <summary>Sorts texts into short and long ones; those without a word are left out.</summary>
    /// <exception cref="GenQException">No text has a word.</exception>
    public DistillationTexts(IReadOnlyList<DistillationText> texts, EncoderDistillerOptions options)
    {
        _options = options;
        _batches = new(options.PoolBatches, options.Seed, LayOut);
        int[] counts = [.. texts.AsParallel().AsOrdered().Select(text => CountWords(text.Text))];
        _texts = [.. texts.Where((_, i) => counts[i] > 0)];
        _wordsOfLong = [.. counts.Where(count => count > 0).Select(count => count > ShortWords ? count : 0)];
        int[] all = [.. Enumerable.Range(0, _texts.Length)];
        _short = [.. all.Where(i => _wordsOfLong[i] == 0)];
        _long = [.. all.Where(i => _wordsOfLong[i] > 0)];
        long sum = 0;
        _words = [.. _long.Select(i => sum += _wordsOfLong[i])];
        if (options.ShortestSpan > options.LongestSpan)
            throw new GenQException($"The shortest span of {options.ShortestSpan} words is longer than the longest, {options.LongestSpan} words: lower the first or raise the second.");
        if (_texts.Length == 0) throw new GenQException("There is no text to distil the encoder on.");
    }

    /// <summary>The texts of a step, counted from 0.</summary>
    public DistillationText[] Batch(long step) => _batches.Batch(step);

    private DistillationText[][] LayOut(long pool)
    {
        int size = _options.PoolBatches * _options.BatchSize;
        DistillationText[] drawn = new DistillationText[size];
        Parallel.For(0, size, i => drawn[i] = Draw(pool * size, i));

        // Stable sort, so that equal lengths keep their order. Characters tell a text's length well enough.
        IEnumerable<DistillationText> order = _options.Neighbours == 1 ? drawn.OrderBy(text => text.Text.Length) : drawn;
        return [.. order.Chunk(_options.BatchSize)];
    }

    // The first text of a group decides which neighbourhood the others come from.
    private DistillationText Draw(long poolStart, int i)
    {
        int member = i % _options.BatchSize % _options.Neighbours;
        CounterRandom random = new(_options.Seed, poolStart + i, 1);
        int chosen = Choose(new CounterRandom(_options.Seed, poolStart + i - member, 1));
        if (member == 1 && _options.AnswersBeside && _texts[chosen] is { IsQuery: true, Passage: { } answer })
            return new DistillationText(Span(answer, 0, _options.LongestSpan), IsQuery: false);
        if (member > 0)
        {
            int reach = Vicinity * _options.Neighbours;
            int first = Math.Max(0, chosen - reach), last = Math.Min(_texts.Length - 1, chosen + reach);
            chosen = first + random.Below(last - first + 1, 4);
        }

        int words = _wordsOfLong[chosen];
        if (words == 0) return _texts[chosen];
        double shortest = _options.ShortestSpan, drawn = shortest * Math.Pow((_options.LongestSpan + 1) / shortest, random.Uniform(2));
        int length = Math.Min(words, (int)drawn), start = random.Below(words - length + 1, 3);
        return _texts[chosen] with { Text = Span(_texts[chosen].Text, start, length) };
    }

    private int Choose(CounterRandom random)
    {
        bool takesShort = _long.Length == 0 || (_short.Length > 0 && random.Uniform(0) < _options.ShortShare);
        if (takesShort) return _short[random.Below(_short.Length, 1)];

        // Every word is equally likely, so a long text gives more spans than a shorter one.
        int found = Array.BinarySearch(_words, (long)(random.Uniform(1) * _words[^1]) + 1);
        return _long[found < 0 ? ~found : found];
    }

    private static string Span(string text, int firstWord, int words)
    {
        int number = 0, start = 0, end = 0;
        foreach ((int Start, int End) word in Words(text))
        {
            if (number == firstWord) start = word.Start;
            end = word.End;
            if (++number == firstWord + words) break;
        }

        return text[start..end];
    }

    private static int CountWords(string text) => Words(text).Count();

    private static IEnumerable<(int Start, int End)> Words(string text)
    {
        for (int start = 0; start < text.Length; start++)
        {
            if (char.IsWhiteSpace(text[start])) continue;
            int end = start + 1;
            while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
            yield return (start, end);
            start = end;
        }
    }
}
