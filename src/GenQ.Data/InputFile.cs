namespace GenQ.Data;

/// <summary>Opens the user's text files, packed or not, and turns what can go wrong into words.</summary>
internal static class InputFile
{
    /// <summary>Opens a file for reading; one that ends in ".gz" is unpacked on the way.</summary>
    /// <exception cref="GenQException">The file is missing or may not be read, or is a pipe, a socket or a device.</exception>
    public static Stream Open(string path)
    {
        if (SpecialFile.KindOf(path) is { } kind)
            throw new GenQException($"'{path}' is {kind}, not a file: write what it gives into a file, and name that.");
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

    /// <summary>Streams a file's lines with their numbers, counted from 1. UTF-8, with or without a byte order mark.</summary>
    /// <exception cref="GenQException">The file is missing, may not be read, or its packing is broken or cut off.</exception>
    public static IEnumerable<(string Line, int Number)> Lines(string path)
    {
        using StreamReader reader = new(Open(path), bufferSize: 1 << 16);
        for (int number = 1; ReadLine(reader, path, number) is { } line; number++) yield return (line, number);
    }

    private static string? ReadLine(StreamReader reader, string path, int number)
    {
        try
        {
            return reader.ReadLine();
        }
        catch (IOException e)
        {
            throw new GenQException($"'{path}' cannot be read beyond line {number - 1}: {e.Message} Is the file damaged or cut off?", e);
        }
    }
}
