namespace GenQ.Data;

/// <summary>Opens the user's text files, packed or not, and turns what can go wrong into words.</summary>
internal static class InputFile
{
    /// <summary>Refuses what has a file's name and is none: who opens it may wait for ever.</summary>
    /// <exception cref="GenQException">It is a pipe, a socket or a device.</exception>
    public static void RequireNoSpecial(string path)
    {
        if (SpecialFile.KindOf(path) is { } kind)
            throw new GenQException($"'{path}' is {kind}, not a file: write what it gives into a file, and name that.");
    }

    /// <summary>Opens a file for reading; one that ends in ".gz" is unpacked on the way.</summary>
    /// <exception cref="GenQException">The file is missing or may not be read, or is a pipe, a socket or a device.</exception>
    public static Stream Open(string path)
    {
        RequireNoSpecial(path);
        try
        {
            FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new PackedFile(file) : file;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GenQException($"'{path}' does not exist.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a file of a model whole.</summary>
    /// <exception cref="GenQException">It cannot be read, is no file, or has more bytes than <paramref name="most"/>.</exception>
    public static byte[] ReadBytes(string path, int most)
    {
        using Stream stream = Open(path);
        if (stream.Length > most)
            throw new GenQException($"'{path}' has {stream.Length:N0} bytes, expected at most {most:N0}: is it the file of another kind?") { Where = path };
        try
        {
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (IOException e)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message}", e) { Where = path };
        }
    }

    /// <summary>Streams a file's lines with their numbers, counted from 1. UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="GenQException">
    /// The file is missing, may not be read, its packing is broken or cut off, or a line is longer than any text.
    /// </exception>
    public static IEnumerable<(string Line, int Number)> Lines(string path)
    {
        using StreamReader reader = new(Open(path), bufferSize: 1 << 16);
        using IEnumerator<string> lines = TextLines.Of(reader, $"'{path}'").GetEnumerator();
        for (int number = 1; MoveNext(lines, path, number); number++) yield return (lines.Current, number);
    }

    private static bool MoveNext(IEnumerator<string> lines, string path, int number)
    {
        try
        {
            return lines.MoveNext();
        }
        catch (IOException e)
        {
            throw new GenQException($"'{path}' cannot be read beyond line {number - 1}: {e.Message} Is the file damaged or cut off?", e);
        }
    }
}
