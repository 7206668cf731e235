namespace GenQ.Data;

/// <summary>Writes files so that "it is there" means "it is whole": to <c>name.partial</c> first, renamed at the end.</summary>
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
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{path}' cannot be written: {e.Message} Free some space or choose another output folder.", e);
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
}
