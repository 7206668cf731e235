using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class AtomicFileTests
{
    [Fact]
    public void A_file_whose_writing_failed_is_not_there()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<InvalidOperationException>(() => AtomicFile.WriteText(folder["a.txt"], writer =>
        {
            writer.WriteLine("half");
            throw new InvalidOperationException("killed");
        }));
        Assert.False(File.Exists(folder["a.txt"]));
    }

    [Fact]
    public void An_old_file_stays_whole_until_the_new_one_is()
    {
        using TemporaryFolder folder = new();
        AtomicFile.WriteText(folder["a.txt"], writer => writer.WriteLine("old"));
        AtomicFile.WriteText(folder["a.txt"], writer =>
        {
            writer.WriteLine("new");
            writer.Flush();
            Assert.Equal("old\n", File.ReadAllText(folder["a.txt"]));
        });
        Assert.Equal("new\n", File.ReadAllText(folder["a.txt"]));
    }

    [Fact]
    public void A_full_disk_is_an_error_that_names_the_file()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "only Linux has /dev/full");
        using TemporaryFolder folder = new();
        File.CreateSymbolicLink(folder["a.txt" + AtomicFile.PartialSuffix], "/dev/full");
        GenQException error = Assert.Throws<GenQException>(() => AtomicFile.WriteText(folder["a.txt"], writer => writer.Write(new string('x', 1 << 20))));
        Assert.Contains("a.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_an_error_that_names_the_file()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["file"], "");
        Assert.Contains("cannot be written", Assert.Throws<GenQException>(() => AtomicFile.WriteText(folder["file", "a.txt"], _ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_brought_to_the_disk_then_renamed_and_then_its_folder_is_brought_there_too()
    {
        using TemporaryFolder folder = new();
        RecordingDisk disk = new();
        Disk.Current = disk;
        AtomicFile.WriteText(folder["new", "a.txt"], writer => writer.Write("text"));
        Assert.Equal([$"folder {folder.Path}", "create a.txt.partial", "sync", "move a.txt", $"folder {folder["new"]}"], disk.Asked);
    }

    private sealed class RecordingDisk : Disk
    {
        public List<string> Asked { get; } = [];

        public override Stream Create(string path) => Told($"create {Path.GetFileName(path)}", () => base.Create(path));

        public override void Sync(Stream file) => Told("sync", () =>
        {
            base.Sync(file);
            return 0;
        });

        public override void Move(string from, string to) => Told($"move {Path.GetFileName(to)}", () =>
        {
            base.Move(from, to);
            return 0;
        });

        public override void SyncFolder(string folder) => Told($"folder {folder}", () =>
        {
            base.SyncFolder(folder);
            return 0;
        });

        private T Told<T>(string what, Func<T> ask)
        {
            Asked.Add(what);
            return ask();
        }
    }

    [Fact]
    public void What_cannot_be_deleted_says_so_and_names_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "of a folder that nobody can delete");
        GenQException e = Assert.Throws<GenQException>(() => Disk.Current.Delete("/proc/self/fdinfo"));
        Assert.StartsWith("'/proc/self/fdinfo' cannot be deleted: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_a_folder_has_is_not_given_to_a_file()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["a"], "a");
        Directory.CreateDirectory(folder["b"]);
        Assert.StartsWith($"'{folder["b"]}' cannot be written: ", Assert.Throws<GenQException>(() => AtomicFile.Replace(folder["a"], folder["b"])).Message, StringComparison.Ordinal);
    }
}
