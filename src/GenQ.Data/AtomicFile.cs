namespace GenQ.Data;

/// <summary>
/// Writes files so that "it is there" means "it is whole", also after a power cut: to <c>name.partial</c> first, brought to the disk, renamed, and the new name
/// brought to the disk as well.
/// </summary>
internal static class AtomicFile
{
    /// <summary>The ending of a file that is still being written.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>Writes a file through <paramref name="write"/> and puts it in place when that returns.</summary>
    /// <exception cref="GenQException">The file cannot be written: no permission, no space, a folder of that name.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string partial = path + PartialSuffix;
        try
        {
            CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (Stream stream = Disk.Current.Create(partial))
            {
                write(stream);
                Disk.Current.Sync(stream);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WriteError.Of(path, e);
        }

        Replace(partial, path);
    }

    /// <summary>Gives a whole file its name; one that has the name is replaced.</summary>
    /// <exception cref="GenQException">It cannot be renamed.</exception>
    internal static void Replace(string from, string path)
    {
        try
        {
            Disk.Current.Move(from, path);
            Disk.Current.SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WriteError.Of(path, e);
        }
    }

    /// <summary>Writes what another file holds.</summary>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    internal static void Copy(string from, string to)
    {
        byte[] content = File.ReadAllBytes(from);
        Write(to, stream => stream.Write(content));
    }

    /// <summary>Writes UTF-8 text without a byte order mark, lines ended by \n.</summary>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    public static void WriteText(string path, Action<TextWriter> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Write(path, stream =>
        {
            using StreamWriter writer = new(stream, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
            write(writer);
        });
    }

    // A folder is a name in another one.
    private static void CreateFolder(string folder)
    {
        if (Directory.Exists(folder)) return;
        string? above = Path.GetDirectoryName(folder);
        if (above is not null) CreateFolder(above);
        Directory.CreateDirectory(folder);
        if (above is not null) Disk.Current.SyncFolder(above);
    }
}
