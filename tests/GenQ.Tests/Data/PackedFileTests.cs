using System.IO.Compression;
using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class PackedFileTests
{
    [Fact]
    public void A_small_file_that_unfolds_without_end_is_refused()
    {
        using TemporaryFolder folder = new();
        Pack(folder["bomb.txt.gz"], new string('x', (1 << 20) - 1) + '\n', 65);
        GenQException e = Assert.Throws<GenQException>(() => InputFile.Lines(folder["bomb.txt.gz"]).Count());
        Assert.Contains("bomb.txt.gz' unfolds to more than 100 times", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_file_may_unfold_to_much_where_that_is_not_large()
    {
        using TemporaryFolder folder = new();
        Pack(folder["log.txt.gz"], string.Concat(Enumerable.Repeat("the same line\n", 10_000)), 1);
        Assert.Equal(10_000, InputFile.Lines(folder["log.txt.gz"]).Count());
    }

    private static void Pack(string path, string part, int times)
    {
        using StreamWriter writer = new(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        for (int i = 0; i < times; i++) writer.Write(part);
    }
}
