using System.Net.Sockets;
using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class SpecialFileTests
{
    [Fact]
    public void Files_folders_and_what_is_missing_are_nothing_special()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["grün.txt"], "Words.");
        File.CreateSymbolicLink(folder["link.txt"], folder["grün.txt"]);
        Assert.All((string[])[folder.Path, folder["grün.txt"], folder["link.txt"], folder["missing.txt"]], path => Assert.Null(SpecialFile.KindOf(path)));
    }

    [Fact]
    public void Pipes_sockets_and_devices_are_told_also_through_a_link()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps them outside its folders.");
        using TemporaryFolder folder = new();
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(folder["s.txt"]));
        File.CreateSymbolicLink(folder["zero.txt"], "/dev/zero");
        Assert.Equal("a socket", SpecialFile.KindOf(folder["s.txt"]));
        Assert.Equal("a device", SpecialFile.KindOf(folder["zero.txt"]));
        Assert.Equal("a pipe", SpecialFile.KindOf(Pipe(folder["p.txt"])));
    }

    [Fact]
    public void No_list_of_texts_pairs_or_passages_is_read_from_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps them outside its folders.");
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["qrels"]);
        Pipe(folder["qrels", "test.tsv"]);
        foreach (Func<object> read in (Func<object>[])[
            () => TextFiles.Read([Pipe(folder["a.txt"])]).ToArray(),
            () => PairFiles.Read(Pipe(folder["a.tsv"])).ToArray(),
            () => PassageFile.Read(Pipe(folder["a.jsonl"])).ToArray(),
            () => SquadFile.ReadPassages(Pipe(folder["a.json.gz"])),
            () => BeirFolder.Read(folder.Path)])
        {
            Assert.Contains("is a pipe, not a file", Assert.Throws<GenQException>(read).Message, StringComparison.Ordinal);
        }
    }

    private static string Pipe(string path)
    {
        System.Diagnostics.Process.Start("mkfifo", [path]).WaitForExit();
        return path;
    }
}
