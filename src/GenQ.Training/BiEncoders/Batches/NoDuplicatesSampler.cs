using System.Runtime.InteropServices;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Training;

/// <summary>
/// Deals examples into batches in which no text occurs twice, since a passage that stands twice in a batch would be a wrong
/// answer to its own query.
/// </summary>
/// <remarks>
/// As the NO_DUPLICATES sampler of sentence-transformers (<c>sampler.py</c>), where each pair is an example: each pass takes
/// the examples in an order of its own; one that has a text in common with the batch waits for the next
/// batch. Texts are compared trimmed and lower-cased, queries and passages together, as the loader of the first versions did.
/// Unlike both, all batches are full, their number is fixed before (<see cref="Steps"/>), and
/// when the examples of a pass give no further batch the next pass begins. All batches are dealt in the constructor, in time
/// linear in the texts, so a resumed training finds the batch of any step.
/// </remarks>
internal sealed class NoDuplicatesSampler
{
    // A pass that fills less than this share of its batches means examples with so few different texts that a training
    // would show the rare ones many times over.
    private const double SmallestUsableShare = 0.05;

    private readonly int _batchSize;
    private readonly int[] _dealt;

    /// <summary>Deals all batches of a training.</summary>
    /// <param name="examples">The examples; none has an empty text.</param>
    /// <param name="batchSize">Examples of a batch, at least 2: one alone has nothing to be told from.</param>
    /// <param name="epochs">How often the number of examples is dealt, at least 1.</param>
    /// <param name="order">The order of the examples in each pass.</param>
    /// <param name="maxSteps">The most batches, where there is a limit.</param>
    /// <param name="mayRepeatQueries">
    /// Whether passages alone are told apart: where a query may have several answers, it may be asked of two passages of a batch.
    /// </param>
    /// <param name="nearDuplicatesApart">Whether passages that are nearly the same count as one: each would be a right answer to the other's query.</param>
    /// <exception cref="GenQException">Fewer examples than a batch holds, or hardly any batch without a common text.</exception>
    public NoDuplicatesSampler(
        IReadOnlyList<RankingExample> examples,
        int batchSize,
        int epochs,
        IExampleOrder order,
        int? maxSteps = null,
        bool mayRepeatQueries = false,
        bool nearDuplicatesApart = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epochs);
        _batchSize = batchSize;
        RequireBatch(examples, batchSize);
        int perEpoch = examples.Count / batchSize;
        Steps = CountSteps(examples.Count, batchSize, epochs, maxSteps);
        int[][] texts = NumberTexts(examples, mayRepeatQueries, nearDuplicatesApart, out int textCount);
        _dealt = new int[Steps * batchSize];
        int filled = 0;
        for (int pass = 0; filled < _dealt.Length; pass++)
        {
            List<int[]> batches = Deal(order, texts, textCount, pass, out int largest);
            if (batches.Count < Math.Max(1, perEpoch * SmallestUsableShare)) throw TooFewTexts(examples, batchSize, batches.Count, largest);
            foreach (int[] batch in batches.Take(Steps - filled / batchSize))
            {
                batch.CopyTo(_dealt, filled);
                filled += batchSize;
            }

            Passes = pass + 1;
        }

        bool[] isDealt = new bool[examples.Count];
        foreach (int example in _dealt) isDealt[example] = true;
        UnusedPairs = examples.Index().Sum(example => isDealt[example.Index] ? 0 : example.Item.Queries.Count);
    }

    /// <summary>The number of batches: examples / batch size, rounded down, times epochs, or fewer where there is a limit.</summary>
    public int Steps { get; }

    /// <summary>How many orders were begun: the epochs, or more where duplicates left batches unfilled.</summary>
    public int Passes { get; }

    /// <summary>Pairs that are in no batch: left over by the division or the limit, or always in conflict.</summary>
    public int UnusedPairs { get; }

    /// <summary>The first 16 digits of the hash of all batches.</summary>
    public string Hash => Fingerprint.OfBytes(MemoryMarshal.AsBytes(_dealt.AsSpan()));

    /// <summary>How many batches there will be of so many examples.</summary>
    public static int CountSteps(int examples, int batchSize, int epochs, int? maxSteps)
        => Math.Min(checked(examples / batchSize * epochs), maxSteps ?? int.MaxValue);

    /// <summary>Refuses too few examples, before anything is computed for them.</summary>
    /// <exception cref="GenQException">They are fewer than a batch holds.</exception>
    public static void RequireBatch(IReadOnlyList<RankingExample> examples, int batchSize)
    {
        if (examples.Count >= batchSize) return;
        int pairs = examples.Sum(example => example.Queries.Count);
        string of = pairs == examples.Count ? "" : $" of {examples.Count} passages";
        throw new GenQException($"There are {pairs} usable pairs{of}, fewer than a batch of {batchSize}. Lower the batch size or bring more pairs.");
    }

    /// <summary>The batch of a step: indices of examples.</summary>
    /// <param name="step">Counted from 0.</param>
    public ReadOnlySpan<int> Batch(long step) => _dealt.AsSpan((int)(step * _batchSize), _batchSize);

    // Of each example the numbers of the texts that no other of its batch may have, the passage's last.
    private static int[][] NumberTexts(IReadOnlyList<RankingExample> examples, bool mayRepeatQueries, bool nearDuplicatesApart, out int count)
    {
        int[]? firsts = nearDuplicatesApart ? NearDuplicates.Groups([.. examples.Select(example => example.Passage)]) : null;
        TextNumbers numbers = new();
        int[][] texts = new int[examples.Count][];
        for (int i = 0; i < texts.Length; i++)
        {
            IReadOnlyList<string> queries = mayRepeatQueries ? [] : examples[i].Queries;
            texts[i] = new int[queries.Count + 1];
            for (int query = 0; query < queries.Count; query++) texts[i][query] = numbers.Of(queries[query]);
            texts[i][^1] = numbers.Of(examples[firsts?[i] ?? i].Passage);
        }

        count = numbers.Count;
        return texts;
    }

    // Each example goes to the first batch that has room and none of its texts: the same batches as filling one after the
    // other and putting conflicts off, but without reading what was put off again for every batch.
    private List<int[]> Deal(IExampleOrder order, int[][] texts, int textCount, int pass, out int largest)
    {
        List<int[]> batches = [];
        List<int> sizes = [];

        // For each text, all batches below are full or hold it; for all texts, all batches below are full.
        int[] firstFree = new int[textCount];
        int firstOpen = 0;
        bool Closed(int batch, int text)
        {
            if (sizes[batch] == _batchSize) return true;
            foreach (int other in batches[batch].AsSpan(0, sizes[batch]))
            {
                if (texts[other].Contains(text)) return true;
            }

            return false;
        }

        bool HasRoom(int batch, int[] own)
        {
            foreach (int text in own)
            {
                if (Closed(batch, text)) return false;
            }

            return true;
        }

        foreach (int example in order.Examples(pass))
        {
            int[] own = texts[example];
            int batch = firstOpen;
            foreach (int text in own) batch = Math.Max(batch, firstFree[text]);
            while (batch < batches.Count && !HasRoom(batch, own)) batch++;
            if (batch == batches.Count)
            {
                batches.Add(new int[_batchSize]);
                sizes.Add(0);
            }

            batches[batch][sizes[batch]++] = example;
            while (firstOpen < batches.Count && sizes[firstOpen] == _batchSize) firstOpen++;
            foreach (int text in own)
            {
                int free = Math.Max(firstOpen, firstFree[text]);
                while (free < batches.Count && Closed(free, text)) free++;
                firstFree[text] = free;
            }
        }

        largest = sizes.Max();
        List<int[]> full = [.. batches.Where((_, i) => sizes[i] == _batchSize)];
        order.Arrange(CollectionsMarshal.AsSpan(full), pass);
        return full;
    }

    private static GenQException TooFewTexts(IReadOnlyList<RankingExample> examples, int batchSize, int batches, int largest)
    {
        TextNumbers passages = new();
        foreach (RankingExample example in examples) passages.Of(example.Passage);
        int pairs = examples.Sum(example => example.Queries.Count);
        string found = batches == 0
            ? $"no batch of {batchSize} pairs without a common text can be dealt; the largest has {largest}"
            : $"only {batches} of {examples.Count / batchSize} batches of {batchSize} pairs without a common text can be dealt";
        return new GenQException(
            $"Of {pairs} pairs over {passages.Count} different passages {found}. "
            + $"Lower the batch size{(largest is > 1 && batches == 0 ? $" to {largest} or less" : "")}, or bring pairs of more passages.");
    }
}
