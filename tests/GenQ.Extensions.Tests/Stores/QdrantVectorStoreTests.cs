using System.Linq.Expressions;
using GenQ.Data;
using GenQ.Qdrant;
using Microsoft.Extensions.VectorData.ProviderServices;
using Qdrant.Client.Grpc;

namespace GenQ.Extensions.Tests.Stores;

/// <summary>What can be known without a server: how records and filters are translated, and what is said where none answers.</summary>
public sealed class QdrantVectorStoreTests
{
    private static readonly CollectionModel Model = new QdrantModelBuilder().Build(typeof(PassageRecord), typeof(Guid), PassageRecord.Definition(2), null);

    [Fact]
    public void A_record_becomes_a_point_and_a_point_a_record()
    {
        PassageRecord record = new() { Key = PassageRecord.KeyOf("p1"), Id = "p1", Text = "the pump", Page = 3, Vector = new float[] { 0.5f, 1 } };
        PointStruct point = QdrantValues.PointOf(Model, record, null);
        Assert.Equal(record.Key.ToString(), point.Id.Uuid);
        Assert.Equal(("the pump", 3), (point.Payload["Text"].StringValue, point.Payload["Page"].IntegerValue));
        Assert.Equal(Value.KindOneofCase.NullValue, point.Payload["Title"].KindCase);
        PassageRecord read = QdrantValues.RecordOf<PassageRecord>(Model, point.Id, point.Payload, null);
        Assert.Equal((record.Key, "p1", "the pump", null, 3), (read.Key, read.Id, read.Text, read.Title, read.Page));
    }

    [Fact]
    public void Filters_are_Qdrants_own()
    {
        int two = 2;
        Is(record => record.Source == "a.md", """{ "must": [ { "field": { "key": "Source", "match": { "keyword": "a.md" } } } ] }""");
        Is(record => record.Index != "old", """{ "mustNot": [ { "field": { "key": "Index", "match": { "keyword": "old" } } } ] }""");
        Is(record => two < record.Page, """{ "must": [ { "field": { "key": "Page", "range": { "gt": 2 } } } ] }""");
        Is(
            record => record.Source == "a.md" || !(record.Page == 2),
            """{ "should": [ { "filter": { "must": [ { "field": { "key": "Source", "match": { "keyword": "a.md" } } } ] } }, { "filter": { "mustNot": [ { "filter": { "must": [ { "field": { "key": "Page", "match": { "integer": "2" } } } ] } } ] } } ] }""");
        Assert.Throws<NotSupportedException>(() => Is(record => record.Text.Length > 3, ""));

        static void Is(Expression<Func<PassageRecord, bool>> filter, string expected) => Assert.Equal(expected, QdrantFilter.Translate(filter, Model)!.ToString());
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_told_with_its_host()
    {
        using TinyRun run = new("the pump");
        int port = PostgresVectorStoreTests.ClosedPort();
        using QdrantVectorStore store = new($"qdrant://127.0.0.1:{port}", "secret");
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => VectorStoreExport.UpsertAsync(run.Run, store, "manuals"));
        Assert.StartsWith($"'{run.Folder}' cannot be stored in 'manuals'. Qdrant at 127.0.0.1:{port} does not answer: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Is the server running, and is this the port of gRPC?", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_address_is_refused()
        => Assert.StartsWith("This is no address of a Qdrant server: expected is qdrant://HOST:PORT", Assert.Throws<ArgumentException>(() => new QdrantVectorStore("http://x")).Message, StringComparison.Ordinal);
}
