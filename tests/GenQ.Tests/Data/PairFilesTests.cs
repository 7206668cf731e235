using System.IO.Compression;
using System.Text;
using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class PairFilesTests
{
    [Fact]
    public void A_file_is_query_tab_passage_with_its_origins_beside_it()
    {
        using TemporaryFolder folder = new();
        PairFiles.Write(folder.Path, 7, [new("what is it", "It is é.")], [new PairOrigin("p1", 2, PairKind.Generated, -3.25)]);

        Assert.Equal("what is it\tIt is é.\n"u8.ToArray(), File.ReadAllBytes(folder["pairs_0007.tsv"]));
        Assert.Equal("{\"passage\":\"p1\",\"sample\":2,\"kind\":\"generated\",\"log_probability\":-3.25}\n", File.ReadAllText(folder["pairs_0007.jsonl"]));
        Assert.Equal([new PairOrigin("p1", 2, PairKind.Generated, -3.25)], PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 7)));
    }

    [Fact]
    public void A_cropped_query_has_no_probability()
    {
        using TemporaryFolder folder = new();
        PairOrigin cropped = new("p1", 2, PairKind.Cropped, null);
        PairFiles.Write(folder.Path, 0, [new("it is", "So it is.")], [cropped]);
        Assert.Equal("{\"passage\":\"p1\",\"sample\":2,\"kind\":\"cropped\"}\n", File.ReadAllText(folder["pairs_0000.jsonl"]));
        Assert.Equal([cropped], PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 0)));
    }

    [Fact]
    public void Tabs_and_every_kind_of_line_end_become_spaces()
    {
        using TemporaryFolder folder = new();
        PairFiles.Write(folder.Path, 0, [new("a\tb\r\nc", "d\ve\ff\u0085g\u2028h\u2029i")], [new PairOrigin("p", 0, PairKind.Generated, -1)]);

        Assert.Equal([new QueryPassagePair("a b  c", "d e f g h i")], PairFiles.Read(folder.Path));
    }

    [Fact]
    public void A_folder_is_read_file_by_file_in_ordinal_order()
    {
        using TemporaryFolder folder = new();
        foreach (string name in (string[])["b.tsv", "a.tsv", "B.tsv"]) File.WriteAllText(folder[name], $"{name}\tx\n");
        File.WriteAllText(folder["a.jsonl"], "{}\n");

        Assert.Equal(["B.tsv", "a.tsv", "b.tsv"], PairFiles.Read(folder.Path).Select(pair => pair.Query));
    }

    [Fact]
    public void A_line_that_does_not_split_in_two_is_skipped_and_told()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["x.tsv"], "q1\tp1\nno tab\n\na\tb\tc\n\tp2\nq3\tp3");
        List<int> skipped = [];

        List<QueryPassagePair> pairs = [.. PairFiles.Read(folder["x.tsv"], (_, line) => skipped.Add(line))];

        Assert.Equal([new("q1", "p1"), new("", "p2"), new("q3", "p3")], pairs);
        Assert.Equal([2, 3, 4], skipped);
    }

    [Fact]
    public void A_packed_file_is_read_as_if_it_were_not()
    {
        using TemporaryFolder folder = new();
        using (GZipStream packed = new(File.Create(folder["x.tsv.gz"]), CompressionLevel.Fastest)) packed.Write("q\tp\n"u8);

        Assert.Equal([new QueryPassagePair("q", "p")], PairFiles.Read(folder["x.tsv.gz"]));
    }

    [Fact]
    public void The_next_file_is_the_first_that_lacks_either_half()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(0, PairFiles.FirstMissing(folder["not there"]));
        for (int i = 0; i < 4; i++) PairFiles.Write(folder.Path, i, [new("q", "p")], [new PairOrigin("p", 0, PairKind.Generated, -1)]);
        Assert.Equal(4, PairFiles.FirstMissing(folder.Path));
        File.Delete(PairFiles.OriginsPath(folder.Path, 2));
        Assert.Equal(2, PairFiles.FirstMissing(folder.Path));
        File.Delete(PairFiles.Path(folder.Path, 1));
        Assert.Equal(1, PairFiles.FirstMissing(folder.Path));
    }

    [Fact]
    public void Queries_that_follow_one_another_share_the_text_of_their_passage()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["pairs.tsv"], "a\tone\nb\tone\nc\ttwo\n");
        QueryPassagePair[] pairs = [.. PairFiles.Read(folder["pairs.tsv"])];
        Assert.Equal(["one", "one", "two"], pairs.Select(pair => pair.Passage));
        Assert.Same(pairs[0].Passage, pairs[1].Passage);
    }

    [Fact]
    public void What_cannot_be_read_is_named()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["broken.tsv.gz"], Encoding.UTF8.GetBytes("this is no gzip file"));
        File.WriteAllText(folder["origins.jsonl"], """
            {"passage": "p", "sample": 0, "log_probability": -1}
            {"passage": "p", "sample": "x", "log_probability": -1}
            """);

        Fails("'nowhere.tsv' does not exist", PairFiles.Read("nowhere.tsv"));
        Fails("holds no *.tsv", PairFiles.Read(folder.Path));
        Fails("broken.tsv.gz' cannot be read", PairFiles.Read(folder["broken.tsv.gz"]));
        Fails("line 2, has no number \"sample\"", PairFiles.ReadOrigins(folder["origins.jsonl"]));
    }

    private static void Fails<T>(string message, IEnumerable<T> lines) =>
        Assert.Contains(message, Assert.Throws<GenQException>(() => lines.ToList()).Message, StringComparison.Ordinal);
}
