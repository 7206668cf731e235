using GenQ.Compute;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Batches of groups of passages that are easily mistaken for one another, as the base finds them: to tell those apart is what a search
/// has to do.
/// </summary>
internal sealed class NeighbourGroups : IExampleOrder
{
    // A neighbour is one of so many.
    private const int Nearest = 12;

    // Nearest passages are looked for among so many that follow one another: time and memory stay linear in the passages.
    private const int Block = 1 << 15;

    // Passages whose neighbours are looked for at a time.
    private const int Part = 1024;

    private readonly int[] _passages;
    private readonly int[][] _neighbours;
    private readonly int _groupSize;
    private readonly long _seed;
    private readonly ShuffledExamples _shuffled;

    /// <summary>Takes the examples and what is alike among them.</summary>
    /// <param name="examples">The examples of the training.</param>
    /// <param name="neighbours">For each example those that may stand in a group with it.</param>
    /// <param name="groupSize">Examples of a group, at most.</param>
    /// <param name="seed">Where the orders come from.</param>
    public NeighbourGroups(IReadOnlyList<RankingExample> examples, int[][] neighbours, int groupSize, long seed)
    {
        TextNumbers numbers = new();
        _passages = [.. examples.Select(example => numbers.Of(example.Passage))];
        (_neighbours, _groupSize, _seed, _shuffled) = (neighbours, groupSize, seed, new ShuffledExamples(examples.Count, seed));
    }

    /// <summary>For each example those of the passages most like its own, nearest first. Examples of one passage share an array.</summary>
    public static int[][] Neighbours(BaseReading reading)
    {
        ILookup<int, int> examplesOf = Enumerable.Range(0, reading.PassageOf.Count).ToLookup(example => reading.PassageOf[example]);
        int[][] ofPassage = [.. NearestPassages(reading.Vectors).Select(near => near.SelectMany(passage => examplesOf[passage]).ToArray())];
        return [.. reading.PassageOf.Select(passage => ofPassage[passage])];
    }

    /// <summary>
    /// Shuffles the examples. Each that is in no group yet begins one, with neighbours that are in none either, each of another passage.
    /// </summary>
    public int[] Examples(int pass)
    {
        int[] order = _shuffled.Examples(pass);
        bool[] isTaken = new bool[order.Length];
        List<int> grouped = new(order.Length), group = [];
        foreach (int first in order)
        {
            if (isTaken[first]) continue;
            group.Clear();
            group.Add(first);
            int[] near = [.. _neighbours[first]];
            new CounterRandom(_seed, (long)pass * order.Length + first, 1).Shuffle<int>(near);
            foreach (int other in near)
            {
                if (group.Count == _groupSize) break;
                if (!isTaken[other] && group.TrueForAll(member => _passages[member] != _passages[other])) group.Add(other);
            }

            foreach (int member in group) isTaken[member] = true;
            grouped.AddRange(group);
        }

        return [.. grouped];
    }

    /// <summary>
    /// Shuffles the batches: groups grow scarce towards the end of the order, and the batches without are not to be the last of the pass.
    /// </summary>
    public void Arrange(Span<int[]> batches, int pass) => new CounterRandom(_seed, pass, 2).Shuffle(batches);

    private static IEnumerable<int[]> NearestPassages(Tensor vectors)
    {
        int count = (int)vectors.shape[0];
        for (int start = 0; start < count; start += Part)
        {
            using IDisposable scope = NewDisposeScope();
            int first = start / Block * Block, size = Math.Min(Block, count - first), part = Math.Min(Part, count - start);
            Tensor cosines = vectors.narrow(0, start, part).matmul(vectors.narrow(0, first, size).t());

            // One more, as a passage is nearest to itself.
            int width = Math.Min(Nearest + 1, size);
            (_, Tensor nearest) = cosines.topk(width, 1);
            long[] numbers = [.. nearest.data<long>()];
            for (int row = 0; row < part; row++)
            {
                int own = start + row;
                yield return [.. numbers.Skip(row * width).Take(width).Select(number => first + (int)number).Where(number => number != own).Take(Nearest)];
            }
        }
    }
}
