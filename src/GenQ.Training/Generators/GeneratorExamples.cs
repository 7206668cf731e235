using System.Text.RegularExpressions;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Training;

/// <summary>
/// Lays out the examples of each step: which pairs, which of them as copy tasks or with cropped passages, batched by
/// length. Batch n is a function of the seed and n alone.
/// </summary>
internal sealed partial class GeneratorExamples(
    IReadOnlyList<QueryPassagePair> pairs, ITokenizer tokenizer, IReadOnlyList<string> prefixes, GeneratorTrainerOptions options)
{
    // Batches drawn together and sorted by length: little padding, and still any pair can meet any other.
    private const int PoolSize = 40;

    // Words of the stretch that a passage is cropped to.
    private static readonly int[] CropLengths = [20, 30, 40, 55, 70, 100];

    private readonly EpochOrder _order = new(pairs.Count, options.Seed);
    private BatchPool<Example>? _batches;

    /// <summary>One input and its target, as ids with the end token.</summary>
    public readonly record struct Example(int[] Input, int[] Target);

    /// <summary>The batch of a step, counted from 0.</summary>
    public Example[] Batch(long step) => (_batches ??= new(PoolSize, options.Seed, LayOut)).Batch(step);

    /// <summary>A pair as it is, its passage whole.</summary>
    public Example Encode(QueryPassagePair pair)
        => new(tokenizer.Encode(pair.Passage, options.MaxInputLength), tokenizer.Encode(pair.Query, options.MaxTargetLength));

    private Example[][] LayOut(long pool)
    {
        int size = PoolSize * options.BatchSize;
        QueryPassagePair[] chosen = [.. Enumerable.Range(0, size).Select(i => pairs[_order.At(pool * size + i)])];
        Example[] examples = new Example[size];
        double progress = pool * PoolSize / (double)options.Steps;
        Parallel.For(0, size, i => examples[i] = Make(chosen[i], new CounterRandom(options.Seed, pool * size + i, 1), progress));

        // Stable sort, so that equal lengths keep their order.
        return [.. examples.OrderBy(e => e.Input.Length).Chunk(options.BatchSize)];
    }

    private Example Make(QueryPassagePair pair, CounterRandom random, double progress)
    {
        double copyShare = (options.CopyShare ?? 0) * Math.Max(0, 1 - progress / 0.8);
        double cropShare = (options.CropShare ?? 0) * (1 - progress * 2 / 3);

        // What the task is stays in front of whatever is made of the passage.
        string prefix = prefixes.FirstOrDefault(prefix => pair.Passage.StartsWith(prefix, StringComparison.Ordinal)) ?? "";
        QueryPassagePair bare = pair with { Passage = pair.Passage[prefix.Length..] };
        if (random.Uniform(0) < copyShare) return Encode(CopyTask(bare.Passage, random));
        return Encode(random.Uniform(1) < cropShare ? pair with { Passage = prefix + Crop(bare, random) } : pair);
    }

    private static QueryPassagePair CopyTask(string passage, CounterRandom random)
    {
        string[] words = passage.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) return new("", "");
        int length = Math.Min(words.Length, CropLengths[random.Below(CropLengths.Length, 2)]);
        int start = random.Below(words.Length - length + 1, 3);
        int spanLength = Math.Min(length, 4 + random.Below(7, 4));
        int spanStart = start + random.Below(length - spanLength + 1, 5);
        return new(string.Join(' ', words, spanStart, spanLength), "copy: " + string.Join(' ', words, start, length));
    }

    // A stretch of sentences around the one that shares most letters' worth of words with the query.
    private static string Crop(QueryPassagePair pair, CounterRandom random)
    {
        string[] sentences = SentenceEnd().Split(pair.Passage);
        HashSet<string> asked = [.. Words(pair.Query)];
        int first = Enumerable.Range(0, sentences.Length).MaxBy(i => Words(sentences[i]).Distinct().Where(asked.Contains).Sum(w => w.Length));
        int last = first, limit = CropLengths[random.Below(CropLengths.Length, 2)], words = Count(sentences[first]);
        for (int draw = 3; first > 0 || last < sentences.Length - 1; draw++)
        {
            bool forward = first == 0 || (last < sentences.Length - 1 && random.Below(2, draw) == 0);
            int next = forward ? last + 1 : first - 1;
            words += Count(sentences[next]);
            if (words > limit) break;
            (first, last) = forward ? (first, next) : (next, last);
        }

        return string.Join(' ', sentences, first, last - first + 1);
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text.ToLowerInvariant()).Select(match => match.Value);

    private static int Count(string sentence) => sentence.Count(char.IsWhiteSpace) + 1;

    [GeneratedRegex(@"(?<=[.!?])\s+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
