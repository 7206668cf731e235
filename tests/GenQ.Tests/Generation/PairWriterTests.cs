using GenQ.Data;
using GenQ.Generation;

namespace GenQ.Tests.Generation;

public sealed class PairWriterTests
{
    private static readonly Passage[] Passages =
        [.. Enumerable.Range(0, 400).Select(i => new Passage($"p{i}", $"Passage {i} speaks of {(i % 7 == 0 ? "plants\tand light" : "ships")}."))];

    [Fact]
    public async Task Pair_k_is_query_k_mod_3_of_passage_k_div_3_in_whatever_order_the_passages_come()
    {
        using TemporaryFolder folder = new();
        await WriteAsync(folder.Path, new NumberingWriter());
        Assert.Equal(2, Directory.GetFiles(folder.Path, "*.tsv").Length);
        PairOrigin[] origins = [.. PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 0)), .. PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 1))];
        QueryPassagePair[] pairs = [.. PairFiles.Read(folder.Path)];
        Assert.Equal(1200, pairs.Length);
        for (int k = 0; k < origins.Length; k++)
        {
            Assert.Equal(($"p{k / 3}", k % 3), (origins[k].Passage, origins[k].Sample));
            Assert.Equal(new QueryPassagePair($"what of p{k / 3}, {k % 3}?", Passages[k / 3].Text.Replace('\t', ' ')), pairs[k]);
        }
    }

    [Fact]
    public async Task An_interrupted_generation_ends_with_the_same_files()
    {
        using TemporaryFolder whole = new(), stopped = new();
        await WriteAsync(whole.Path, new NumberingWriter());
        using CancellationTokenSource stop = new();
        Progress cancel = new(p =>
        {
            if (p.Queries > 1024) stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => WriteAsync(stopped.Path, new NumberingWriter(), cancel, stop.Token));
        Assert.Equal(1, PairFiles.FirstMissing(stopped.Path));
        await WriteAsync(stopped.Path, new NumberingWriter());
        foreach (string file in Directory.GetFiles(whole.Path))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(stopped.Path, Path.GetFileName(file))));
        }
    }

    [Fact]
    public async Task A_file_that_was_taken_away_is_written_again_and_the_others_stay_as_they_are()
    {
        using TemporaryFolder folder = new();
        await WriteAsync(folder.Path, new NumberingWriter());
        byte[] first = File.ReadAllBytes(PairFiles.Path(folder.Path, 0));
        File.Delete(PairFiles.Path(folder.Path, 0));
        File.WriteAllText(PairFiles.Path(folder.Path, 1), "a query by hand\tits passage");
        await WriteAsync(folder.Path, new NumberingWriter());
        Assert.Equal(first, File.ReadAllBytes(PairFiles.Path(folder.Path, 0)));
        Assert.Equal("a query by hand\tits passage", File.ReadAllText(PairFiles.Path(folder.Path, 1)));
    }

    [Fact]
    public async Task The_last_queries_of_a_passage_are_crops_where_asked_for()
    {
        using TemporaryFolder folder = new();
        await new PairWriter(new QueryMixture(new NumberingWriter(), 3, 1, 42)).WriteAsync(Passages[..20], folder.Path, default);
        QueryPassagePair[] pairs = [.. PairFiles.Read(folder.Path)];
        PairOrigin[] origins = [.. PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 0))];
        for (int k = 0; k < pairs.Length; k++)
        {
            Assert.Equal(k % 3 == 2 ? PairKind.Cropped : PairKind.Generated, origins[k].Kind);
            if (k % 3 == 2) Assert.Contains(pairs[k].Query, pairs[k].Passage, StringComparison.Ordinal);
            else Assert.Equal($"what of p{k / 3}, {k % 3}?", pairs[k].Query);
        }
    }

    [Fact]
    public async Task What_a_writer_leaves_out_is_an_empty_query_in_its_place()
    {
        using TemporaryFolder folder = new();
        await WriteAsync(folder.Path, new NumberingWriter { Skips = passage => passage.Id == "p1" });
        Assert.Equal(["what of p0, 2?", "", "", "", "what of p2, 0?"], PairFiles.Read(folder.Path).Skip(2).Take(5).Select(pair => pair.Query));
    }

    [Fact]
    public async Task A_writer_that_writes_more_than_it_was_asked_for_is_refused()
    {
        using TemporaryFolder folder = new();
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => WriteAsync(folder.Path, new NumberingWriter { More = 1 }));
        Assert.Contains("NumberingWriter gave 4 queries", error.Message, StringComparison.Ordinal);
    }

    private static Task WriteAsync(string folder, IQueryWriter writer, IProgress<GenerationProgress>? progress = null, CancellationToken cancellation = default)
        => new PairWriter(new QueryMixture(writer, 3, 0, 42), progress).WriteAsync(Passages, folder, cancellation);

    private sealed class NumberingWriter : IQueryWriter
    {
        public IReadOnlyDictionary<string, string> Identity => new Dictionary<string, string> { ["writer"] = "numbers" };

        public Func<Passage, bool> Skips { get; init; } = _ => false;

        public int More { get; init; }

        public IAsyncEnumerable<PassageQueries> WriteAsync(QueryRequest request, CancellationToken cancellation = default) => request.Passages.Index().Reverse()
            .Where(passage => !Skips(passage.Item))
            .Select(passage => new PassageQueries(passage.Index, [.. Enumerable.Range(request.FirstSample, request.Count + More)
                .Select(sample => new WrittenQuery($"what of {passage.Item.Id}, {sample}?"))]))
            .ToAsyncEnumerable();
    }

    private sealed class Progress(Action<GenerationProgress> report) : IProgress<GenerationProgress>
    {
        public void Report(GenerationProgress value) => report(value);
    }
}
