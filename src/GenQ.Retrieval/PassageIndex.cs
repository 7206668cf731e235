using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Retrieval;

/// <summary>
/// Searches passages by their embeddings: every row is compared with the query by the cosine, so the answer is exact. The
/// rows lie normalised in a memory-mapped file: an index opens at once, and its pages are shared and can be given back.
/// </summary>
/// <remarks>
/// File: a header (magic, version, dimension, rows, name of the model in UTF-8), zeros up to a multiple of 64 bytes, then the
/// rows as little-endian floats, and from version 2 on a <see cref="FileSeal"/>. Safe for searches from many threads until it is disposed.
/// </remarks>
public sealed unsafe class PassageIndex : IDisposable
{
    private const int Version = 2, VersionWithoutSeal = 1;
    private const int FixedHeader = 28;
    private const int LongestModelName = 4096;

    // A block of rows stays in the second-level cache while all queries pass over it.
    private const int BlockBytes = 256 * 1024;

    // Queries that share a pass: their embeddings and scores must fit the cache beside the block.
    private const int QueriesPerPass = 128;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly float* _rows;
    private bool _isDisposed;

    private PassageIndex(MemoryMappedFile file, string model, int count, int dimension, long offset)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        Model = model;
        Count = count;
        Dimension = dimension;
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _rows = (float*)(start + offset);
    }

    /// <summary>The name of the model that made the embeddings.</summary>
    public string Model { get; }

    /// <summary>Passages in the index.</summary>
    public int Count { get; }

    /// <summary>Floats of an embedding.</summary>
    public int Dimension { get; }

    /// <summary>Normalises embeddings and writes them as they come, the whole file or nothing.</summary>
    /// <param name="path">The index file.</param>
    /// <param name="model">Names the model: an index is only searched with embeddings of the model that made it.</param>
    /// <param name="dimension">Floats of an embedding.</param>
    /// <param name="embeddings">One per passage, in the order of the passages.</param>
    /// <exception cref="GenQException">The file cannot be written, or an embedding has another length or is not finite.</exception>
    public static void Write(string path, string model, int dimension, IEnumerable<ReadOnlyMemory<float>> embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        byte[] name = Encoding.UTF8.GetBytes(model);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, LongestModelName, nameof(model));
        AtomicFile.Write(path, stream =>
        {
            byte[] header = new byte[RowsOffset(name.Length)];
            "GENQVECS"u8.CopyTo(header);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), dimension);
            BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), name.Length);
            name.CopyTo(header, FixedHeader);
            stream.Write(header);

            float[] row = new float[dimension];
            long count = 0;
            foreach (ReadOnlyMemory<float> embedding in embeddings)
            {
                if (embedding.Length != dimension)
                    throw new GenQException($"Embedding {count} for '{path}' has {embedding.Length} floats, expected are {dimension}.");
                Normalize(embedding.Span, row);
                if (!float.IsFinite(TensorPrimitives.Sum<float>(row)))
                    throw new GenQException($"Embedding {count} for '{path}' is not finite: '{model}' is broken or overflows.");
                stream.Write(MemoryMarshal.AsBytes<float>(row));
                count++;
            }

            long end = stream.Position;
            stream.Position = 0;
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), count);
            stream.Write(header);
            stream.Position = end;
            FileSeal.Write(stream);
        });
    }

    /// <summary>Opens an index file.</summary>
    /// <param name="path">The index file.</param>
    /// <param name="model">The model that will embed the queries; <see langword="null"/> leaves the check to the caller.</param>
    /// <exception cref="GenQException">The file is missing, foreign, of another version, cut off, damaged, or of another model.</exception>
    /// <remarks>Of a file of more than 256 MB only the header is looked at: to read it all would take seconds.</remarks>
    public static PassageIndex Open(string path, string? model = null) => Open(path, model, FileSeal.MostCheckedWhenOpened);

    /// <summary>Opens an index file.</summary>
    /// <param name="path">The index file.</param>
    /// <param name="model">The model that will embed the queries; <see langword="null"/> leaves the check to the caller.</param>
    /// <param name="mostChecked">A file of at most so many bytes is read whole, to see whether it is what was written.</param>
    internal static PassageIndex Open(string path, string? model, long mostChecked)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            Span<byte> header = stackalloc byte[FixedHeader];
            if (stream.ReadAtLeast(header, FixedHeader, throwOnEndOfStream: false) < FixedHeader || !header.StartsWith("GENQVECS"u8))
                throw Refused(path, "it does not begin as one");
            int version = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            if (version is not (Version or VersionWithoutSeal)) throw Refused(path, $"its version is {version}, expected is at most {Version}");
            int dimension = BinaryPrimitives.ReadInt32LittleEndian(header[12..]);
            long count = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
            int nameLength = BinaryPrimitives.ReadInt32LittleEndian(header[24..]);
            if (dimension <= 0 || count is < 0 or > int.MaxValue || nameLength is < 0 or > LongestModelName)
                throw Refused(path, "its header makes no sense");
            Int128 expected = RowsOffset(nameLength) + (Int128)count * dimension * sizeof(float) + (version == VersionWithoutSeal ? 0 : FileSeal.Length);
            if (stream.Length != expected)
                throw Refused(path, $"it has {stream.Length:N0} bytes, {count:N0} rows of {dimension} need {expected:N0}: is it cut off?");
            byte[] name = new byte[nameLength];
            stream.ReadExactly(name);
            if (version != VersionWithoutSeal && stream.Length <= mostChecked && !FileSeal.IsUnbroken(stream))
                throw Refused(path, "it is damaged, a byte of it is not what was written");
            string madeBy = Encoding.UTF8.GetString(name);
            if (model is not null && model != madeBy)
            {
                throw new GenQException(
                    $"'{path}' was made with the model '{madeBy}', not with '{model}'. Build it again.");
            }

            MemoryMappedFile file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
            return new PassageIndex(file, madeBy, (int)count, dimension, RowsOffset(nameLength));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether a file holds the vectors of a model of so many passages, and is what was written.</summary>
    internal static bool IsWhole(string path, string? model, int count)
    {
        if (!File.Exists(path)) return false;
        try
        {
            using PassageIndex index = Open(path, model);
            return index.Count == count;
        }
        catch (GenQException)
        {
            return false;
        }
    }

    /// <summary>The normalised embedding of a passage; valid until the index is disposed.</summary>
    /// <exception cref="ObjectDisposedException">It has been.</exception>
    public ReadOnlySpan<float> this[int passage]
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ArgumentOutOfRangeException.ThrowIfNegative(passage);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(passage, Count);
            return Row(passage);
        }
    }

    /// <summary>Finds the passages with the highest cosine, best first; of equal cosines the lower passage comes first.</summary>
    /// <param name="query">An embedding by the same model; need not be normalised.</param>
    /// <param name="top">How many results at most.</param>
    public Ranking Search(ReadOnlySpan<float> query, int top) => Search([query.ToArray()], top)[0];

    /// <summary>Searches for many queries together, which is faster than one by one and gives the same results.</summary>
    /// <param name="queries">Embeddings by the same model; need not be normalised.</param>
    /// <param name="top">How many results at most for each.</param>
    /// <returns>The results in the order of the queries.</returns>
    public IReadOnlyList<Ranking> Search(IReadOnlyList<ReadOnlyMemory<float>> queries, int top) => Search(queries, top, where: null);

    /// <summary>The same among some passages; how the cosines of all are spread stays as it is.</summary>
    /// <param name="queries">Embeddings by the same model; need not be normalised.</param>
    /// <param name="top">How many results at most for each.</param>
    /// <param name="where">Tells of a passage's place whether it may be found, asked from many threads; <see langword="null"/> takes all.</param>
    /// <returns>The results in the order of the queries.</returns>
    internal IReadOnlyList<Ranking> Search(IReadOnlyList<ReadOnlyMemory<float>> queries, int top, Func<int, bool>? where)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(top);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        List<Ranking> results = new(queries.Count);
        foreach (ReadOnlyMemory<float>[] pass in queries.Chunk(QueriesPerPass)) results.AddRange(Pass(pass, Math.Min(top, Count), where));
        return results;
    }

    /// <summary>Scores some passages alone.</summary>
    /// <param name="query">An embedding by the same model; need not be normalised.</param>
    /// <param name="passages">Which ones, in any order.</param>
    /// <returns>The cosine of each.</returns>
    public float[] Scores(ReadOnlySpan<float> query, ReadOnlySpan<int> passages)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(query.Length, Dimension);
        float[] vector = new float[Dimension], scores = new float[passages.Length];
        Normalize(query, vector);
        for (int i = 0; i < scores.Length; i++) scores[i] = TensorPrimitives.Dot(vector, this[passages[i]]);
        return scores;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private Ranking[] Pass(ReadOnlyMemory<float>[] queries, int top, Func<int, bool>? where)
    {
        float[] vectors = new float[queries.Length * Dimension];
        for (int q = 0; q < queries.Length; q++)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(queries[q].Length, Dimension, nameof(queries));
            Normalize(queries[q].Span, vectors.AsSpan(q * Dimension, Dimension));
        }

        // Each worker keeps scores of its own. Merged they are the same whichever worker took which block.
        PassScores all = new(queries.Length, top, where);
        int rowsPerBlock = Math.Max(1, BlockBytes / (Dimension * sizeof(float)));
        int blocks = (int)(((long)Count + rowsPerBlock - 1) / rowsPerBlock);
        Parallel.For(0, blocks, () => (Seen: new PassScores(queries.Length, top, where), Scores: new float[queries.Length * rowsPerBlock]), (block, _, worker) =>
        {
            int start = block * rowsPerBlock, rows = Math.Min(rowsPerBlock, Count - start);
            fixed (float* vector = vectors, scores = worker.Scores)
                DotProductsKernel.Compute(rows, Dimension, _rows + (long)start * Dimension, queries.Length, vector, scores);
            for (int q = 0; q < queries.Length; q++) worker.Seen.Add(q, start, worker.Scores.AsSpan(q * rows, rows));
            return worker;
        }, worker =>
        {
            lock (all) all.Add(worker.Seen);
        });
        return [.. Enumerable.Range(0, queries.Length).Select(q => all.RankingOf(q, Count))];
    }

    private ReadOnlySpan<float> Row(int row) => new(_rows + (long)row * Dimension, Dimension);

    private static int RowsOffset(int nameLength) => (FixedHeader + nameLength + 63) / 64 * 64;

    // As torch.nn.functional.normalize: a row of zeros stays zero.
    private static void Normalize(ReadOnlySpan<float> source, Span<float> destination) =>
        TensorPrimitives.Divide(source, MathF.Max(TensorPrimitives.Norm(source), 1e-12f), destination);

    private static GenQException Refused(string path, string reason) =>
        new($"'{path}' is not a vector index of this version of GenQ: {reason}. Build it again.");

    // What is kept of the scores of each query: the best, and what says how all are spread.
    private sealed class PassScores(int queries, int top, Func<int, bool>? where)
    {
        // Sums of a block are kept as whole numbers of this unit, which add up to the same in any order.
        private const double Unit = 1.0 / (1L << 32);

        private readonly TopResults[] _best = [.. Enumerable.Range(0, queries).Select(_ => new TopResults(top))];
        private readonly (long Sum, long Squares)[] _sums = new (long, long)[queries];

        public void Add(int query, int firstRow, ReadOnlySpan<float> scores)
        {
            TopResults best = _best[query];
            for (int row = 0; row < scores.Length; row++)
            {
                if (scores[row] >= best.Threshold && where?.Invoke(firstRow + row) != false) best.Add(new SearchResult(firstRow + row, scores[row]));
            }

            (double sum, double squares) = Ranking.Sums(scores);
            _sums[query].Sum += (long)(sum / Unit);
            _sums[query].Squares += (long)(squares / Unit);
        }

        public void Add(PassScores other)
        {
            for (int query = 0; query < _best.Length; query++)
            {
                _best[query].Add(other._best[query]);
                _sums[query].Sum += other._sums[query].Sum;
                _sums[query].Squares += other._sums[query].Squares;
            }
        }

        public Ranking RankingOf(int query, int count)
            => new(_best[query].ToArray(), _sums[query].Sum * Unit, _sums[query].Squares * Unit, count);
    }
}
