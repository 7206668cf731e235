using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class BeirFolderTests
{
    private static readonly RetrievalTask Task = new(
        "tiny",
        [new RetrievalQuery("q2", "two?"), new RetrievalQuery("q1", "one?")],
        [new Passage("d1", "One.", "Title"), new Passage("d2", "Two.")],
        new Dictionary<string, IReadOnlyDictionary<string, int>>
        {
            ["q1"] = new Dictionary<string, int> { ["d1"] = 2, ["d2"] = 0 },
            ["q2"] = new Dictionary<string, int> { ["d2"] = 1 },
        });

    [Fact]
    public void What_is_written_is_read_again()
    {
        using TemporaryFolder folder = new();
        BeirFolder.Write(folder["tiny"], Task, "dev");

        RetrievalTask read = BeirFolder.Read(folder["tiny"], "dev");

        Assert.Equal("tiny", read.Name);
        Assert.Equal(Task.Queries, read.Queries);
        Assert.Equal(Task.Corpus, read.Corpus);
        Assert.Equal(Task.Relevant["q1"], read.Relevant["q1"]);
        Assert.Equal(Task.Relevant["q2"], read.Relevant["q2"]);
        Assert.Equal("query-id\tcorpus-id\tscore\nq2\td2\t1\nq1\td1\t2\nq1\td2\t0\n", File.ReadAllText(folder["tiny", "qrels", "dev.tsv"]));
    }

    [Fact]
    public void Queries_without_a_judgement_in_the_split_are_left_out()
    {
        using TemporaryFolder folder = Written();
        File.WriteAllText(folder["qrels", "test.tsv"], "query-id\tcorpus-id\tscore\nq1\td1\t1\n");

        Assert.Equal([new RetrievalQuery("q1", "one?")], BeirFolder.Read(folder.Path).Queries);
    }

    [Fact]
    public void The_corpus_may_lie_elsewhere()
    {
        using TemporaryFolder folder = new();
        PassageFile.Write(folder["passages.jsonl"], Task.Corpus);
        BeirFolder.WriteQueries(folder["heldout"], Task.Queries, Task.Relevant);

        Assert.Equal(Task.Corpus, BeirFolder.Read(folder["heldout"], corpus: folder["passages.jsonl"]).Corpus);
    }

    [Theory]
    [InlineData("q1\td1\tmuch\n", "line 2, is not 'query id<TAB>passage id<TAB>whole number'")]
    [InlineData("q1 d1 1\n", "line 2, is not")]
    [InlineData("q9\td1\t1\n", "line 2, judges the query \"q9\"")]
    [InlineData("q1\td9\t1\n", "do the two belong together?")]
    public void A_wrong_judgement_is_named(string line, string message)
    {
        using TemporaryFolder folder = Written();
        File.WriteAllText(folder["qrels", "test.tsv"], "query-id\tcorpus-id\tscore\n" + line);

        string error = Error(folder.Path);

        Assert.Contains("test.tsv'", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("query-id\tcorpus-id\tscore\n")]
    [InlineData("\n  \nq\tc\ts\n")]
    [InlineData("query-id\titer\tcorpus-id\tscore\n")]
    [InlineData("query id\tpassage id\tgrade \n")]
    [InlineData("")]
    public void A_first_line_of_names_is_a_header_and_may_be_missing(string header)
    {
        using TemporaryFolder folder = Written();
        File.WriteAllText(folder["qrels", "test.tsv"], header + "q1\td1\t1\nq2\td2\t1\n");

        Assert.Equal(["q1", "q2"], BeirFolder.Read(folder.Path).Relevant.Keys.Order());
    }

    [Theory]
    [InlineData("2")]
    [InlineData("2.0")]
    [InlineData("2 ")]
    [InlineData(" +2")]
    [InlineData("2e0")]
    [InlineData("2.000\r")]
    public void A_whole_grade_counts_on_every_line_however_it_is_written(string grade)
    {
        using TemporaryFolder folder = Written();
        File.WriteAllText(folder["qrels", "test.tsv"], $"q1\td1\t{grade}\nq2\td2\t{grade}\n");

        Assert.All(BeirFolder.Read(folder.Path).Relevant.Values, grades => Assert.Equal(2, Assert.Single(grades).Value));
    }

    [Theory]
    [InlineData("q1\td1\t0.5")]
    [InlineData("q1\td1\t1,0")]
    [InlineData("q1\td1\tNaN")]
    [InlineData("q1\td1\t3000000000")]
    [InlineData("q1\td1\t")]
    [InlineData("q1\td1\tmuch")]
    [InlineData("q9\td1\t0.5")]
    [InlineData("q1 d1 1")]
    [InlineData("q1 0 d1 1")]
    [InlineData("q1\t0\td1\t1")]
    public void A_judgement_on_the_first_line_is_never_taken_for_a_header(string line)
    {
        using TemporaryFolder folder = Written();
        File.WriteAllText(folder["qrels", "test.tsv"], line + "\nq2\td2\t1\n");

        Assert.Contains("line 1, is not 'query id<TAB>passage id<TAB>whole number'", Error(folder.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_that_stands_twice_is_named()
    {
        using TemporaryFolder folder = Written();
        File.AppendAllText(folder["queries.jsonl"], "{\"_id\": \"q1\", \"text\": \"again?\"}\n");
        Assert.Contains("line 3, has the _id \"q1\" for the second time", Error(folder.Path), StringComparison.Ordinal);

        using TemporaryFolder other = Written();
        File.AppendAllText(other["corpus.jsonl"], "{\"_id\": \"d2\", \"text\": \"again\"}\n");
        Assert.Contains("has the _id \"d2\" twice", Error(other.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Queries_are_written_after_their_judgements()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["qrels", "test.tsv"]);
        Assert.Throws<GenQException>(() => BeirFolder.WriteQueries(folder.Path, Task.Queries, Task.Relevant));
        Assert.False(File.Exists(folder["queries.jsonl"]));
    }

    private static string Error(string folder) => Assert.Throws<GenQException>(() => BeirFolder.Read(folder)).Message;

    private static TemporaryFolder Written()
    {
        TemporaryFolder folder = new();
        BeirFolder.Write(folder.Path, Task);
        return folder;
    }
}
