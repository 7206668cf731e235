using System.IO.Compression;
using System.Text;
using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class TextFilesTests
{
    [Fact]
    public void Lines_and_both_columns_of_pairs_are_texts_and_each_comes_once()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a.txt"], "one\n\n  two \none\n");
        File.WriteAllText(folder["b.tsv"], "what\ttwo\nno tab\nwhy\tthree\n");
        using (GZipStream packed = new(File.Create(folder["c.TXT.gz"]), CompressionMode.Compress)) packed.Write("four\nwhy\n"u8);
        Assert.Equal(["one", "two", "what", "why", "three", "four"], Read(folder["a.txt"], folder["b.tsv"], folder["c.TXT.gz"]));
    }

    [Fact]
    public void A_pairs_query_stands_before_its_passage_and_lines_are_passages_unless_given_as_queries()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["pairs.tsv"], "what\tone\nwho\tone\nwhy\ttwo\n");
        File.WriteAllText(folder["lines.txt"], "three\nwhy\n");
        File.WriteAllText(folder["asked.txt"], "how\ntwo\n");
        DistillationText[] texts = [.. TextFiles.Read([folder["pairs.tsv"], folder["lines.txt"]], [folder["asked.txt"]])];
        Assert.Equal(["what?", "one", "who?", "why?", "two", "three", "how?"], texts.Select(text => text.IsQuery ? text.Text + "?" : text.Text));
        string message = Assert.Throws<GenQException>(() => TextFiles.Read([], [folder["pairs.tsv"]]).ToArray()).Message;
        Assert.Contains("holds pairs, expected is a .txt", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_file_that_is_cut_off_is_refused()
    {
        using TemporaryFolder folder = new();
        using (GZipStream packed = new(File.Create(folder["whole.txt.gz"]), CompressionMode.Compress)) packed.Write("one\ntwo\nthree\n"u8);
        byte[] whole = File.ReadAllBytes(folder["whole.txt.gz"]);
        foreach (int length in (int[])[whole.Length - 1, whole.Length - 9, whole.Length / 2])
        {
            File.WriteAllBytes(folder["cut.txt.gz"], whole[..length]);
            string message = Assert.Throws<GenQException>(() => TextFiles.Read([folder["cut.txt.gz"]]).ToArray()).Message;
            Assert.Equal($"'{folder["cut.txt.gz"]}' is cut off: fetch it again.", message);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(100_000)]
    public void What_stands_behind_the_packed_data_is_passed_over(int length)
    {
        using TemporaryFolder folder = new();
        using (GZipStream packed = new(File.Create(folder["a.txt.gz"]), CompressionMode.Compress)) packed.Write("one\ntwo\n"u8);
        foreach (byte behind in (byte[])[0, (byte)'G', 0xFF])
        {
            byte[] whole = File.ReadAllBytes(folder["a.txt.gz"]);
            File.WriteAllBytes(folder["behind.txt.gz"], [.. whole, .. Enumerable.Repeat(behind, length)]);
            Assert.Equal(["one", "two"], Read(folder["behind.txt.gz"]));
        }
    }

    [Fact]
    public void A_false_name_and_damage_are_told_apart()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["plain.txt.gz"], "Words that nobody packed.");
        using (GZipStream packed = new(File.Create(folder["sum.txt.gz"]), CompressionMode.Compress)) packed.Write("one\ntwo\n"u8);
        byte[] bytes = File.ReadAllBytes(folder["sum.txt.gz"]);
        bytes[^8] ^= 1;
        File.WriteAllBytes(folder["sum.txt.gz"], bytes);
        Assert.Contains("is not packed by gzip. Rename it", Failure("plain.txt.gz"), StringComparison.Ordinal);
        Assert.Contains("checksum are damaged", Failure("sum.txt.gz"), StringComparison.Ordinal);

        string Failure(string name) => Assert.Throws<GenQException>(() => TextFiles.Read([folder[name]]).ToArray()).Message;
    }

    [Fact]
    public void Packed_files_that_were_joined_are_read_to_the_end()
    {
        using TemporaryFolder folder = new();
        foreach (string text in (string[])["a longer first part", "end"])
        {
            using GZipStream packed = new(File.Open(folder["joined.txt.gz"], FileMode.Append), CompressionMode.Compress);
            packed.Write(Encoding.UTF8.GetBytes(text + "\n"));
        }

        Assert.Equal(["a longer first part", "end"], Read(folder["joined.txt.gz"]));
    }

    [Fact]
    public void Another_kind_of_file_is_refused_saying_which_are_read()
    {
        string message = Assert.Throws<GenQException>(() => TextFiles.Read(["notes.md"]).ToArray()).Message;
        Assert.Contains("'notes.md' is neither .txt", message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Read(params string[] files) => TextFiles.Read(files).Select(text => text.Text);
}
