using GenQ.Data;
using GenQ.Onnx;
using GenQ.Retrieval;
using Microsoft.Extensions.VectorData;

namespace GenQ.Extensions.Tests.Stores;

public sealed class VectorStoreExportTests : IDisposable
{
    private readonly TinyRun _run = new("the pump is oiled", "the valve leaks", "the lamp glows");
    private readonly InMemoryVectorStore _store = new();

    public void Dispose()
    {
        _run.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task A_run_is_stored_with_the_vectors_of_its_index_and_encodes_nothing()
    {
        Directory.Delete(_run.Run.Onnx, recursive: true);
        List<int> done = [];
        VectorStoreCollection<Guid, PassageRecord> stored = await VectorStoreExport.UpsertAsync(
            _run.Run, _store, "manuals", new VectorStoreExportOptions { BatchSize = 2 }, new SynchronousProgress<int>(done.Add));
        Assert.Equal([2, 3], done);
        PassageRecord valve = (await stored.GetAsync(PassageRecord.KeyOf("p1")))!;
        Assert.Equal(("p1", "the valve leaks", "Title 1", "file1.md", 2), (valve.Id, valve.Text, valve.Title, valve.Source, valve.Page));
        using PassageIndex index = PassageIndex.Open(_run.Run.Index);
        Assert.Equal(index[1].ToArray(), valve.Vector.ToArray());
    }

    [Fact]
    public async Task A_run_that_is_stored_again_leaves_nothing_twice_and_nothing_old()
    {
        await VectorStoreExport.UpsertAsync(_run.Run, _store, "manuals");
        await VectorStoreExport.UpsertAsync(_run.Run, _store, "manuals");
        Assert.Equal(["p0", "p1", "p2"], await IdsAsync());
        _run.Write("a new pump", "a new valve");
        VectorStoreCollection<Guid, PassageRecord> stored = await VectorStoreExport.UpsertAsync(_run.Run, _store, "manuals", new VectorStoreExportOptions { BatchSize = 1 });
        Assert.Equal(["p0", "p1"], await IdsAsync());
        Assert.Equal("a new pump", (await stored.GetAsync(PassageRecord.KeyOf("p0")))!.Text);
    }

    [Fact]
    public async Task Cancellation_stops_between_batches_and_the_same_call_completes_it()
    {
        using CancellationTokenSource stop = new();
        VectorStoreExportOptions options = new() { BatchSize = 1 };
        await Assert.ThrowsAsync<OperationCanceledException>(() => VectorStoreExport.UpsertAsync(
            _run.Run, _store, "manuals", options, new SynchronousProgress<int>(_ => stop.Cancel()), stop.Token));
        Assert.Equal(["p0"], await IdsAsync());
        await VectorStoreExport.UpsertAsync(_run.Run, _store, "manuals", options);
        Assert.Equal(["p0", "p1", "p2"], await IdsAsync());
    }

    [Fact]
    public async Task A_store_without_words_is_searched_by_meaning()
    {
        await VectorStoreExport.UpsertAsync(_run.Run, _store, "manuals");
        using OnnxEncoder encoder = OnnxEncoder.OfRun(_run.Run);
        StoredPassages passages = new(_store, "manuals", encoder);
        Assert.False(passages.IsHybrid);
        VectorSearchResult<PassageRecord> found = Assert.Single(await passages.SearchAsync("the valve leaks", 1));
        using RunSearcher searcher = RunSearcher.Open(_run.Run, OnnxEncoder.OfRun(_run.Run));
        SearchHit expected = searcher.Search("the valve leaks", 1, SearchMode.Meaning).Hits[0];
        Assert.Equal((expected.Passage.Id, expected.Score), (found.Record.Id, found.Score!.Value), (a, b) => a.Item1 == b.Item1 && Math.Abs(a.Item2 - b.Item2) < 1e-5);
        Assert.Equal("The query is empty: say what you are looking for.", (await Assert.ThrowsAsync<GenQException>(() => passages.SearchAsync(" "))).Message);
    }

    [Fact]
    public async Task A_run_that_is_not_finished_or_not_itself_is_not_stored()
    {
        await FailsAsync("was made by GenQ 99.1.0", () => File.WriteAllText(_run.Run.Settings, """{"index": {"recorded": {"version": "99.1.0"}}}"""));
        File.Delete(_run.Run.Settings);
        await FailsAsync("(4 passages) is not what the index was made of (3)", () => File.AppendAllText(_run.Run.Passages, """{"_id": "more", "text": "more"}""" + "\n"));
        await FailsAsync("has no index: finish the run first.", () => File.Delete(_run.Run.Index));
        Assert.Empty(await IdsAsync());

        async Task FailsAsync(string message, Action spoil)
        {
            spoil();
            GenQException error = await Assert.ThrowsAsync<GenQException>(() => VectorStoreExport.UpsertAsync(_run.Run, _store, "manuals"));
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    // Whoever has stored a run with this version finds it again with the next.
    [Fact]
    public void The_key_of_a_passage_stays_what_it_is()
    {
        Assert.Equal(Guid.Parse("169b5b82-3c62-864c-a7e5-f8456a13c8d5"), PassageRecord.KeyOf("p0"));
        Assert.Equal(8, PassageRecord.KeyOf("p1").Version);
    }

    private async Task<string[]> IdsAsync()
    {
        VectorStoreCollection<Guid, PassageRecord> stored = _store.GetCollection<Guid, PassageRecord>("manuals", PassageRecord.Definition(32));
        return [.. (await stored.GetAsync(_ => true, 100).ToListAsync()).Select(record => record.Id).Order()];
    }
}
