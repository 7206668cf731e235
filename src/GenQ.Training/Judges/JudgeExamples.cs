using GenQ.Compute;
using GenQ.Models;
using GenQ.Text;

namespace GenQ.Training;

/// <summary>Lays out the passages of each step, of similar length, and which of their queries. Batch n is a function of the seed and n alone.</summary>
internal sealed class JudgeExamples(
    IReadOnlyList<JudgedPassage> passages, QueryJudgeNetwork network, ITokenizer tokenizer, QueryJudgeTrainerOptions options)
{
    // Batches drawn together and sorted by length: little padding, and still any passage can meet any other.
    private const int PoolSize = 8;

    private readonly EpochOrder _order = new(passages.Count, options.Seed);
    private BatchPool<Example>? _batches;

    /// <summary>A passage, its queries, and which of them are a person's.</summary>
    public sealed record Example(int[] Passage, int[][] Queries, bool[] IsAsked);

    /// <summary>The batch of a step, counted from 0.</summary>
    public Example[] Batch(long step) => (_batches ??= new(PoolSize, options.Seed, LayOut)).Batch(step);

    private Example[][] LayOut(long pool)
    {
        int size = PoolSize * options.BatchSize;
        return [.. Enumerable.Range(0, size).Select(i => Make(pool * size + i)).OrderBy(example => example.Passage.Length).Chunk(options.BatchSize)];
    }

    private Example Make(long position)
    {
        JudgedPassage passage = passages[_order.At(position)];
        CounterRandom random = new(options.Seed, position, 1);
        bool[] isAsked = [.. Enumerable.Range(0, options.QueriesPerPassage).Select(i => i % 2 == 0)];
        string[] asked = Shuffled(passage.Asked, random), drawn = Shuffled(passage.Drawn, random);

        // A passage of few queries repeats them.
        string[] queries = [.. isAsked.Select((person, i) => person ? asked[i / 2 % asked.Length] : drawn[i / 2 % drawn.Length])];
        return new(QueryJudge.ReadPassage(network, tokenizer, passage.Passage), [.. queries.Select(query => QueryJudge.ReadQuery(network, tokenizer, query))], isAsked);
    }

    private static string[] Shuffled(IReadOnlyList<string> queries, CounterRandom random)
    {
        string[] all = [.. queries];
        random.Shuffle<string>(all);
        return all;
    }
}
