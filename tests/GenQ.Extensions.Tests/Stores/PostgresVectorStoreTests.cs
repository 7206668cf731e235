using System.Linq.Expressions;
using System.Net;
using System.Net.Sockets;
using GenQ.Data;
using GenQ.Onnx;
using GenQ.Postgres;
using GenQ.Retrieval;
using Microsoft.Extensions.VectorData;

namespace GenQ.Extensions.Tests.Stores;

public sealed class PostgresVectorStoreTests(PgliteServer server) : IClassFixture<PgliteServer>
{
    private static readonly VectorStoreCollectionDefinition Things = new()
    {
        Properties =
        [
            new VectorStoreKeyProperty("Key", typeof(string)),
            new VectorStoreDataProperty("Words", typeof(string)) { IsFullTextIndexed = true },
            new VectorStoreDataProperty("Count", typeof(int?)) { IsIndexed = true },
            new VectorStoreDataProperty("Weight", typeof(double)),
            new VectorStoreDataProperty("Ready", typeof(bool)),
            new VectorStoreDataProperty("Made", typeof(DateTimeOffset)),
            new VectorStoreVectorProperty("Vector", typeof(ReadOnlyMemory<float>), 2),
        ],
    };

    [Fact]
    public async Task A_run_is_stored_and_found_as_in_its_own_index()
    {
        using PostgresVectorStore store = server.Open();
        using TinyRun run = new([.. Enumerable.Range(0, 40).Select(i => $"the pump number {i} is oiled every {i} weeks")]);
        VectorStoreCollection<Guid, PassageRecord> stored = await VectorStoreExport.UpsertAsync(run.Run, store, "as its own", new VectorStoreExportOptions { BatchSize = 16 });
        using OnnxEncoder encoder = OnnxEncoder.OfRun(run.Run);
        using PassageIndex index = PassageIndex.Open(run.Run.Index);
        float[] asked = encoder.EncodeQueries(["which pump is oiled"])[0];
        List<VectorSearchResult<PassageRecord>> found = await stored.SearchAsync(asked, 5, new VectorSearchOptions<PassageRecord> { IncludeVectors = true }).ToListAsync();
        Assert.Equal(index.Search(asked, 5).Select(result => $"p{result.Passage}"), found.Select(result => result.Record.Id));
        Assert.Equal(index.Search(asked, 5).Select(result => (double)result.Score), found.Select(result => result.Score!.Value), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(index[int.Parse(found[0].Record.Id[1..], System.Globalization.CultureInfo.InvariantCulture)].ToArray(), found[0].Record.Vector.ToArray());
        Assert.Equal(found[1].Record.Id, (await stored.SearchAsync(asked, 1, new VectorSearchOptions<PassageRecord> { Skip = 1 }).ToListAsync())[0].Record.Id);
        Assert.Equal(2, await stored.SearchAsync(asked, 5, new VectorSearchOptions<PassageRecord> { ScoreThreshold = (found[1].Score + found[2].Score) / 2 }).CountAsync());
    }

    [Fact]
    public async Task Words_find_what_the_meaning_does_not()
    {
        using PostgresVectorStore store = server.Open();
        using TinyRun run = new([.. Enumerable.Range(0, 100).Select(i => $"the pump number {i} is oiled"), "the QX42 whistles"]);
        await VectorStoreExport.UpsertAsync(run.Run, store, "words");
        using OnnxEncoder encoder = OnnxEncoder.OfRun(run.Run);
        StoredPassages passages = new(store, "words", encoder);
        Assert.True(passages.IsHybrid);
        IReadOnlyList<VectorSearchResult<PassageRecord>> found = await passages.SearchAsync("why is the \"qx42\" (whistling)?", 3);
        Assert.Equal("p100", found[0].Record.Id);
        Assert.Equal(3, found.Count);
        Assert.True(found[0].Score > found[1].Score);

        // Nothing but stop words and signs: the meaning alone answers.
        Assert.Equal(2, (await passages.SearchAsync("the !", 2)).Count);
    }

    [Fact]
    public async Task A_run_that_is_stored_again_leaves_nothing_old()
    {
        using PostgresVectorStore store = server.Open();
        using TinyRun run = new("the pump", "the valve", "the lamp");
        await VectorStoreExport.UpsertAsync(run.Run, store, "again");
        run.Write("a new pump");
        VectorStoreCollection<Guid, PassageRecord> stored = await VectorStoreExport.UpsertAsync(run.Run, store, "again");
        Assert.Equal(["a new pump"], (await stored.GetAsync(_ => true, 10).ToListAsync()).Select(record => record.Text));
    }

    [Fact]
    public async Task A_collection_of_another_model_is_told_with_what_to_do()
    {
        using PostgresVectorStore store = server.Open();
        using TinyRun run = new("the pump");
        VectorStoreCollection<Guid, PassageRecord> other = store.GetCollection<Guid, PassageRecord>("other model", PassageRecord.Definition(3));
        await other.EnsureCollectionExistsAsync();
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => VectorStoreExport.UpsertAsync(run.Run, store, "other model"));
        Assert.Contains("The table 'other model' of PostgreSQL at 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.Contains("expected 3 dimensions, not 32. Give the collection another name, or delete the table.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_come_back_as_they_went_in()
    {
        using PostgresVectorStore store = server.Open();
        VectorStoreCollection<object, Dictionary<string, object?>> things = await FillAsync(store, "it's \"quoted\"");
        Dictionary<string, object?> pump = (await things.GetAsync("a", new RecordRetrievalOptions { IncludeVectors = true }))!;
        Assert.Equal(("the pump's \"oil\"; DROP TABLE x", 1, 0.5, true), (pump["Words"], (int)pump["Count"]!, (double)pump["Weight"]!, (bool)pump["Ready"]!));
        Assert.Equal(new DateTimeOffset(2030, 1, 1, 10, 0, 0, TimeSpan.Zero), pump["Made"]);
        Assert.Equal([1, 0], ((ReadOnlyMemory<float>)pump["Vector"]!).ToArray());
        Dictionary<string, object?> lamp = (await things.GetAsync("c"))!;
        Assert.Null(lamp.GetValueOrDefault("Count"));
        Assert.False(lamp.ContainsKey("Vector"));
        Assert.Null(await things.GetAsync("nothing"));

        Assert.Contains("it's \"quoted\"", await store.ListCollectionNamesAsync().ToListAsync());
        Assert.True(await store.CollectionExistsAsync("it's \"quoted\""));
        await things.DeleteAsync(["a", "c"]);
        Assert.Equal(["b"], (await things.GetAsync(_ => true, 10).ToListAsync()).Select(thing => thing["Key"]));
        await store.EnsureCollectionDeletedAsync("it's \"quoted\"");
        Assert.False(await things.CollectionExistsAsync());
    }

    [Fact]
    public async Task Filters_are_the_servers_work()
    {
        using PostgresVectorStore store = server.Open();
        VectorStoreCollection<object, Dictionary<string, object?>> things = await FillAsync(store, "filters");
        int two = 2;
        string[] keys = ["a", "c"];
        await FindsAsync("a", thing => (int)thing["Count"]! == 1);
        await FindsAsync("bc", thing => (int?)thing["Count"] != 1);
        await FindsAsync("b", thing => (int)thing["Count"]! >= two);
        await FindsAsync("a", thing => two > (int)thing["Count"]!);
        await FindsAsync("c", thing => thing["Count"] == null);
        await FindsAsync("ab", thing => (string)thing["Key"]! == "a" || ((double)thing["Weight"]! > 1 && !(bool)thing["Ready"]!));
        await FindsAsync("ac", thing => keys.Contains((string)thing["Key"]!));
        await FindsAsync("ac", thing => (bool)thing["Ready"]!);
        await Assert.ThrowsAsync<NotSupportedException>(() => FindsAsync("", thing => ((string)thing["Words"]!).Length > 3));

        FilteredRecordRetrievalOptions<Dictionary<string, object?>> byWeight = new() { OrderBy = order => order.Descending(thing => thing["Weight"]), Skip = 1 };
        Assert.Equal(["b", "a"], (await things.GetAsync(_ => true, 2, byWeight).ToListAsync()).Select(thing => thing["Key"]));
        Assert.Equal(["c"], (await things.SearchAsync(new float[] { 1, 0 }, 3, new VectorSearchOptions<Dictionary<string, object?>> { Filter = thing => (string)thing["Key"]! == "c" }).ToListAsync()).Select(found => found.Record["Key"]));

        async Task FindsAsync(string expected, Expression<Func<Dictionary<string, object?>, bool>> filter)
            => Assert.Equal(expected, string.Concat((await things.GetAsync(filter, 10).ToListAsync()).Select(thing => thing["Key"])));
    }

    [Fact]
    public async Task An_index_of_vectors_gives_as_many_results_as_are_asked_for()
    {
        // Fewer or shorter ones the server compares one by one, whatever index there is.
        const int records = 1500, dimensions = 256;
        using PostgresVectorStore store = server.Open();
        VectorStoreCollection<object, Dictionary<string, object?>> things = store.GetDynamicCollection("hnsw", new VectorStoreCollectionDefinition
        {
            Properties = [new VectorStoreKeyProperty("Key", typeof(int)), new VectorStoreVectorProperty("Vector", typeof(float[]), dimensions) { IndexKind = IndexKind.Hnsw }],
        });
        await things.EnsureCollectionExistsAsync();
        Random random = new(1);
        await things.UpsertAsync(Enumerable.Range(0, records).Select(key => new Dictionary<string, object?> { ["Key"] = key, ["Vector"] = Vector() }));
        Assert.Equal(100, await things.SearchAsync(Vector(), 100).CountAsync());

        float[] Vector() => [.. Enumerable.Range(0, dimensions).Select(_ => random.NextSingle() - 0.5f)];
    }

    [Fact]
    public async Task A_table_that_is_missing_is_told()
    {
        using PostgresVectorStore store = server.Open();
        VectorStoreCollection<Guid, PassageRecord> nothing = store.GetCollection<Guid, PassageRecord>("nothing", PassageRecord.Definition(32));
        VectorStoreException error = await Assert.ThrowsAsync<VectorStoreException>(() => nothing.GetAsync(Guid.Empty));
        Assert.Contains("has no table 'nothing' in 'postgres': fill the collection first.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_with_its_host_and_without_the_password()
    {
        using PostgresVectorStore store = new($"postgres://someone:secret@127.0.0.1:{ClosedPort()}/manuals?Timeout=5");
        VectorStoreException error = await Assert.ThrowsAsync<VectorStoreException>(() => store.CollectionExistsAsync("manuals"));
        Assert.StartsWith("PostgreSQL at 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Is the server running, and are host and port right?", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres://me:p%40ss@db.local:5433/man%20uals?sslmode=disable&Maximum%20Pool%20Size=4", "db.local", 5433, "me", "p@ss", "man uals")]
    [InlineData("postgresql://localhost", "localhost", 5432, null, null, null)]
    [InlineData("Host=db;Username=me;Database=x", "db", 5432, "me", null, "x")]
    public void An_address_is_read_as_libpq_and_Npgsql_write_it(string address, string host, int port, string? user, string? password, string? database)
    {
        Npgsql.NpgsqlConnectionStringBuilder settings = PostgresAddress.Parse(address);
        Assert.Equal((host, port, user, password, database), (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database));
    }

    [Theory]
    [InlineData("mysql://me:secret@host/db")]
    [InlineData("postgres://me:secret@/db")]
    [InlineData("postgres://me:secret@host/db?color=red")]
    [InlineData("me:secret at host")]
    public void Another_address_is_refused_without_repeating_its_password(string address)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new PostgresVectorStore(address));
        Assert.StartsWith("This is no address of a PostgreSQL database: expected is postgres://USER@HOST:PORT/DATABASE", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_property_that_no_column_holds_is_refused()
    {
        using PostgresVectorStore store = new("Host=localhost");
        Assert.ThrowsAny<Exception>(() => store.GetDynamicCollection("x", new VectorStoreCollectionDefinition
        {
            Properties = [new VectorStoreKeyProperty("Key", typeof(string)), new VectorStoreDataProperty("Address", typeof(Uri))],
        }));
    }

    internal static int ClosedPort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static async Task<VectorStoreCollection<object, Dictionary<string, object?>>> FillAsync(PostgresVectorStore store, string name)
    {
        VectorStoreCollection<object, Dictionary<string, object?>> things = store.GetDynamicCollection(name, Things);
        await things.EnsureCollectionExistsAsync();
        await things.EnsureCollectionExistsAsync();
        await things.UpsertAsync([Thing("a", "the pump's \"oil\"; DROP TABLE x", 1, 0.5, true, 1, 0), Thing("b", "the valve", 2, 1.5, false, 0, 1), Thing("c", "the lamp", null, 2.5, true, 1, 1)]);
        return things;

        static Dictionary<string, object?> Thing(string key, string words, int? count, double weight, bool isReady, float x, float y) => new()
        {
            ["Key"] = key,
            ["Words"] = words,
            ["Count"] = count,
            ["Weight"] = weight,
            ["Ready"] = isReady,
            ["Made"] = new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.FromHours(2)),
            ["Vector"] = new ReadOnlyMemory<float>([x, y]),
        };
    }
}
