using System.IO.Compression;
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
        Assert.Equal(["one", "two", "what", "why", "three", "four"], TextFiles.Read([folder["a.txt"], folder["b.tsv"], folder["c.TXT.gz"]]));
    }

    [Fact]
    public void Another_kind_of_file_is_refused_saying_which_are_read()
    {
        string message = Assert.Throws<GenQException>(() => TextFiles.Read(["notes.md"]).ToArray()).Message;
        Assert.Contains("'notes.md' is neither .txt", message, StringComparison.Ordinal);
    }
}
