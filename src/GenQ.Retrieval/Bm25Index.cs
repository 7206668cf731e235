using System.Buffers;
using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Retrieval;

/// <summary>
/// Searches passages by their words: BM25 (Robertson and Zaragoza 2009) in the form of Lucene 8 and later,
/// <c>idf * tf / (tf + k1 * (1 - b + b * length / mean length))</c> with <c>idf = ln(1 + (N - df + 0.5) / (df + 0.5))</c>, and
/// with exact lengths, where Lucene rounds them to a byte. Where an analyzer has several fields, their scores are added.
/// </summary>
/// <remarks>
/// What a term adds to a passage's score does not depend on the query, so it is computed once: the index is two flat arrays,
/// passage and weight, 8 bytes per (term, passage), term after term. A term is known by 64 bits of hash: of a million terms the chance that any two
/// share theirs is one in 37 million. Safe for searches from many threads.
/// </remarks>
public sealed class Bm25Index
{
    /// <summary>How soon a repeated term saturates. 0.9, as in Anserini, whose figures BEIR reports.</summary>
    public const float K1 = 0.9f;

    /// <summary>How much long passages pay for their length. 0.4, as in Anserini.</summary>
    public const float B = 0.4f;

    private const int Version = 3, LastVersionWithTexts = 2, VersionWithoutSeal = 1;
    private static readonly byte[] Magic = "GENQBM25"u8.ToArray();

    private readonly Analyzer _analyzer;
    private readonly Dictionary<ulong, int> _terms; // by their keys
    private readonly int[] _starts; // term t's postings are [_starts[t], _starts[t + 1])
    private readonly int[] _passages;
    private readonly float[] _weights;

    private Bm25Index(Analyzer analyzer, int count, Dictionary<ulong, int> terms, int[] starts, int[] passages, float[] weights)
    {
        _analyzer = analyzer;
        Count = count;
        _terms = terms;
        _starts = starts;
        _passages = passages;
        _weights = weights;
    }

    /// <summary>Makes terms of texts, as it has of the passages.</summary>
    internal Analyzer Analyzer => _analyzer;

    /// <summary>Passages in the index.</summary>
    public int Count { get; }

    /// <summary>Indexes the <see cref="Passage.SearchText"/> of each passage.</summary>
    /// <param name="passages">The passages; their places are what a search gives.</param>
    /// <param name="analyzer">Makes terms of texts.</param>
    /// <param name="queries">
    /// Queries that a passage answers, by its place: their words count as the passage's own, as in doc2query (Nogueira, Yang, Lin and Cho 2019,
    /// "Document Expansion by Query Prediction"). The default is none.
    /// </param>
    public static Bm25Index Build(IEnumerable<Passage> passages, Analyzer analyzer, ILookup<int, string>? queries = null)
    {
        ArgumentNullException.ThrowIfNull(passages);
        ArgumentNullException.ThrowIfNull(analyzer);

        // Passage after passage, field after field: each of its distinct terms and how often it stands there.
        Dictionary<ulong, int> terms = [];
        List<int> lengths = [], distinct = [], postingTerms = [], frequencies = [], words = [];
        IReadOnlyList<float> fieldWeights = analyzer.FieldWeights;
        int count = 0;
        foreach (Passage passage in passages)
        {
            IEnumerable<string> texts = queries is null ? [passage.SearchText] : [passage.SearchText, .. queries[count]];
            IReadOnlyList<IEnumerable<string>>[] fields = [.. texts.Select(analyzer.Fields)];
            for (int field = 0; field < fieldWeights.Count; field++) Count(fields.SelectMany(text => text[field]));
            count++;
        }

        int[] starts = Starts(terms.Count, postingTerms);
        (int[] postings, float[] weights) = Invert(starts, fieldWeights, lengths, distinct, postingTerms, frequencies);
        return new Bm25Index(analyzer, count, terms, starts, postings, weights);

        void Count(IEnumerable<string> field)
        {
            words.Clear();
            foreach (string term in field)
            {
                ref int id = ref CollectionsMarshal.GetValueRefOrAddDefault(terms, Key(term), out bool isKnown);
                if (!isKnown) id = terms.Count - 1;
                words.Add(id);
            }

            words.Sort();
            int before = postingTerms.Count;
            for (int i = 0; i < words.Count; i++)
            {
                if (i > 0 && words[i] == words[i - 1])
                {
                    frequencies[^1]++;
                    continue;
                }

                postingTerms.Add(words[i]);
                frequencies.Add(1);
            }

            lengths.Add(words.Count);
            distinct.Add(postingTerms.Count - before);
        }
    }

    /// <summary>Finds the passages that share a word with the query, best first; of equal scores the lower passage comes first.</summary>
    /// <param name="query">Analyzed as the passages were. A repeated word counts as often as it stands there.</param>
    /// <param name="top">How many results at most.</param>
    public Ranking Search(string query, int top) => Search(query, top, where: null);

    /// <summary>The same among some passages; how the scores of all are spread stays as it is.</summary>
    /// <param name="query">Analyzed as the passages were.</param>
    /// <param name="top">How many results at most.</param>
    /// <param name="where">Tells of a passage's place whether it may be found; <see langword="null"/> takes all.</param>
    internal Ranking Search(string query, int top, Func<int, bool>? where)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        float[] rented = ArrayPool<float>.Shared.Rent(Count);
        Span<float> scores = rented.AsSpan(0, Count);
        scores.Clear();
        foreach (int id in KnownTerms(query))
        {
            ReadOnlySpan<int> passages = _passages.AsSpan(_starts[id].._starts[id + 1]);
            ReadOnlySpan<float> weights = _weights.AsSpan(_starts[id].._starts[id + 1]);
            for (int i = 0; i < passages.Length; i++) scores[passages[i]] += weights[i];
        }

        TopResults best = new(Math.Min(top, Count));
        float threshold = 0; // a passage without a word of the query has exactly this
        for (int passage = 0; passage < scores.Length; passage++)
        {
            if (scores[passage] <= threshold || where?.Invoke(passage) == false) continue;
            best.Add(new SearchResult(passage, scores[passage]));
            threshold = Math.Max(0, best.Threshold);
        }

        (double sum, double squares) = Ranking.Sums(scores);
        ArrayPool<float>.Shared.Return(rented);
        return new Ranking(best.ToArray(), sum, squares, Count);
    }

    /// <summary>Searches for many queries on all cores; the results are those of single searches, in the order of the queries.</summary>
    public IReadOnlyList<Ranking> Search(IReadOnlyList<string> queries, int top)
    {
        ArgumentNullException.ThrowIfNull(queries);
        Ranking[] results = new Ranking[queries.Count];
        Parallel.For(0, queries.Count, i => results[i] = Search(queries[i], top));
        return results;
    }

    /// <summary>Scores some passages alone.</summary>
    /// <param name="query">Analyzed as the passages were.</param>
    /// <param name="passages">Which ones, in any order.</param>
    /// <returns>A score for each; 0 where a passage shares no word with the query.</returns>
    public float[] Scores(string query, ReadOnlySpan<int> passages)
    {
        ArgumentNullException.ThrowIfNull(query);
        float[] scores = new float[passages.Length];
        foreach (int id in KnownTerms(query))
        {
            ReadOnlySpan<int> postings = _passages.AsSpan(_starts[id].._starts[id + 1]);
            for (int i = 0; i < scores.Length; i++)
            {
                int place = postings.BinarySearch(passages[i]);
                if (place >= 0) scores[i] += _weights[_starts[id] + place];
            }
        }

        return scores;
    }

    /// <summary>Writes the index, the whole file or nothing.</summary>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, stream =>
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(_analyzer.Name);
        writer.Write(Count);
        writer.Write(_terms.Count);
        writer.Write(_passages.Length);
        InParts([.. _terms.OrderBy(term => term.Value).Select(term => term.Key)], bytes => writer.Write(bytes));
        InParts(_starts, bytes => writer.Write(bytes));
        InParts(_passages, bytes => writer.Write(bytes));
        InParts(_weights, bytes => writer.Write(bytes));
        writer.Flush();
        FileSeal.Write(stream);
    });

    /// <summary>Reads an index that <see cref="Save"/> wrote.</summary>
    /// <exception cref="GenQException">The file is missing, foreign, of another version, cut off, or damaged.</exception>
    /// <remarks>Of a file of more than 256 MB not every byte is checked: to read it twice would take seconds.</remarks>
    public static Bm25Index Load(string path) => Load(path, FileSeal.MostCheckedWhenOpened);

    /// <summary>Reads an index that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostChecked">A file of at most so many bytes is read once more, to see whether it is what was written.</param>
    internal static Bm25Index Load(string path, long mostChecked)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using BinaryReader reader = new(stream);
            if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic)) throw Refused(path, "it does not begin as one");
            int version = reader.ReadInt32();
            if (version is < VersionWithoutSeal or > Version) throw Refused(path, $"its version is {version}, expected is at most {Version}");
            long end = stream.Length - (version == VersionWithoutSeal ? 0 : FileSeal.Length);
            if (version != VersionWithoutSeal && stream.Length <= mostChecked)
            {
                long start = stream.Position;
                if (!FileSeal.IsUnbroken(stream)) throw Refused(path, "it is damaged, a byte of it is not what was written");
                stream.Position = start;
            }

            Analyzer analyzer = ReadAnalyzer(reader, path);
            int count = reader.ReadInt32(), termCount = reader.ReadInt32(), postings = reader.ReadInt32();
            bool hasTexts = version <= LastVersionWithTexts;
            long atLeast = (hasTexts ? 1L : sizeof(ulong)) * termCount + 4L * (termCount + 1L) + 8L * postings;
            if (count < 0 || termCount < 0 || postings < 0 || atLeast > end - stream.Position)
                throw Refused(path, "it is shorter than it says");

            ulong[] keys = new ulong[termCount];
            if (hasTexts)
            {
                for (int i = 0; i < termCount; i++) keys[i] = Key(reader.ReadString());
            }
            else
            {
                InParts(keys, stream.ReadExactly);
            }

            Dictionary<ulong, int> terms = new(termCount);
            for (int i = 0; i < termCount; i++) terms.Add(keys[i], i);
            int[] starts = new int[termCount + 1], passages = new int[postings];
            float[] weights = new float[postings];
            InParts(starts, stream.ReadExactly);
            InParts(passages, stream.ReadExactly);
            InParts(weights, stream.ReadExactly);
            bool isSound = stream.Position == end && starts[0] == 0 && starts[^1] == postings
                && IsRising(starts)
                && (count > 0 ? passages.AsSpan().IndexOfAnyExceptInRange(0, count - 1) < 0 : postings == 0)
                && TensorPrimitives.IsFiniteAll<float>(weights);
            return isSound
                ? new Bm25Index(analyzer, count, terms, starts, passages, weights)
                : throw Refused(path, "its parts do not fit together");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException)
        {
            throw Refused(path, "it is damaged or cut off", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    // The terms of a query that stand in any passage, each as often as it stands in the query.
    private IEnumerable<int> KnownTerms(string query)
    {
        foreach (string term in _analyzer.Fields(query).SelectMany(field => field))
        {
            if (_terms.TryGetValue(Key(term), out int id)) yield return id;
        }
    }

    private static Analyzer ReadAnalyzer(BinaryReader reader, string path)
    {
        string name = reader.ReadString();
        try
        {
            return Analyzer.Named(name);
        }
        catch (GenQException e)
        {
            throw Refused(path, "it names no analyzer that there is", e);
        }
    }

    private static bool IsRising(ReadOnlySpan<int> starts)
    {
        for (int i = 1; i < starts.Length; i++)
        {
            if (starts[i] < starts[i - 1]) return false;
        }

        return true;
    }

    private static ulong Key(string term) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(term.AsSpan()));

    // A span has 2 GB at most, an array of numbers may have more.
    private static void InParts<T>(T[] numbers, Action<Span<byte>> visit)
        where T : unmanaged
    {
        const int Part = 1 << 26; // numbers of eight bytes at most
        for (long start = 0; start < numbers.Length; start += Part)
            visit(MemoryMarshal.AsBytes(numbers.AsSpan((int)start, (int)Math.Min(Part, numbers.Length - start))));
    }

    private static int[] Starts(int termCount, List<int> postingTerms)
    {
        int[] starts = new int[termCount + 1];
        foreach (int term in postingTerms) starts[term + 1]++;
        for (int term = 0; term < termCount; term++) starts[term + 1] += starts[term];
        return starts;
    }

    // From passage after passage, field after field, to term after term, with the weight that each term has in each passage.
    private static (int[] Passages, float[] Weights) Invert(
        int[] starts, IReadOnlyList<float> fieldWeights, List<int> lengths, List<int> distinct, List<int> postingTerms, List<int> frequencies)
    {
        int[] passages = new int[postingTerms.Count];
        float[] weights = new float[postingTerms.Count];
        int[] next = starts[..^1];
        int fields = fieldWeights.Count, count = lengths.Count / fields;
        double[] meanLength = [.. Enumerable.Range(0, count > 0 ? fields : 0).Select(field => Enumerable.Range(0, count).Average(passage => lengths[(passage * fields) + field]))];
        int posting = 0;
        for (int part = 0; part < lengths.Count; part++)
        {
            int field = part % fields;
            double norm = K1 * (1 - B + B * lengths[part] / meanLength[field]);
            for (int end = posting + distinct[part]; posting < end; posting++)
            {
                int term = postingTerms[posting], df = starts[term + 1] - starts[term], tf = frequencies[posting];
                double idf = Math.Log(1 + (count - df + 0.5) / (df + 0.5));
                int place = next[term]++;
                passages[place] = part / fields;
                weights[place] = (float)(fieldWeights[field] * idf * tf / (tf + norm));
            }
        }

        return (passages, weights);
    }

    private static GenQException Refused(string path, string reason, Exception? cause = null)
    {
        string message = $"'{path}' is not a BM25 index of this version of GenQ: {reason}. Build it again.";
        return cause is null ? new GenQException(message) : new GenQException(message, cause);
    }
}
