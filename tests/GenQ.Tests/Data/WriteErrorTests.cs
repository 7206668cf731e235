using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class WriteErrorTests
{
    [Theory]
    [InlineData(28, "Free some space or choose another output folder.")]
    [InlineData(122, "Free some space or choose another output folder.")]
    [InlineData(unchecked((int)0x80070070), "Free some space or choose another output folder.")]
    [InlineData(30, "The disk may only be read: choose another output folder.")]
    [InlineData(5, "The disk is failing: copy what is there to another one, and go on there.")]
    [InlineData(36, "Look at the path, or choose another output folder.")]
    public void Each_cause_has_its_own_advice(int number, string advice)
        => Assert.Equal($"'a.txt' cannot be written: It said so. {advice}", WriteError.Of("a.txt", new IOException("It said so.", number)).Message);

    [Fact]
    public void Who_may_not_write_is_told_so_and_who_names_a_folder_too()
    {
        using TemporaryFolder folder = new();
        Assert.EndsWith("You may not write there: ask for the right, or choose another output folder.", WriteError.Of(folder["a"], new UnauthorizedAccessException("No.")).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder["a"]);
        GenQException e = Assert.Throws<GenQException>(() => AtomicFile.WriteText(folder["a"], writer => writer.Write("text")));
        Assert.EndsWith("There is a folder of that name: move it away, or choose another output folder.", e.Message, StringComparison.Ordinal);
    }
}
