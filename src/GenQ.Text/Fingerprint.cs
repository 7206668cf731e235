using System.Security.Cryptography;
using System.Text;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>Names contents by their SHA-256, so that a stage notices that what it reads is not what it was.</summary>
internal static class Fingerprint
{
    // A model's own folder and those of its modules.
    private static readonly EnumerationOptions Modules = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1 };

    /// <summary>The first 16 digits of a file's hash.</summary>
    public static string OfFile(string path)
    {
        using FileStream stream = RawPath.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }

    /// <summary>The number of files and the first 12 digits of the hash of their names and contents. A file that cannot be opened counts as empty.</summary>
    public static string OfFiles(IReadOnlyList<(string Path, string Name)> files)
    {
        string[] lines = [.. files.AsParallel().AsOrdered().Select(file => $"{file.Name} {OfFileIfReadable(file.Path)}")];
        return OfLines(lines.Length, lines);
    }

    /// <summary>
    /// The first 16 digits of the hash of what decides a model's vectors or texts: configurations, prompts, tokenizer and weights,
    /// also of its modules' folders.
    /// </summary>
    /// <exception cref="GenQException">There is no such folder.</exception>
    public static string OfModel(string folder)
    {
        return OfText(string.Join('\n', DecidingFiles(folder).Select(name => $"{name} {OfFile(Path.Combine(folder, name))}")));
    }

    /// <summary>
    /// The first 16 digits of the hash of the names, sizes and times of the same files, which is found without reading them: where it is as before, so is the
    /// model, and where it is not, <see cref="OfModel"/> tells.
    /// </summary>
    /// <inheritdoc cref="OfModel"/>
    public static string StampOfModel(string folder)
        => OfText(string.Join('\n', DecidingFiles(folder).Select(name =>
        {
            FileInfo file = new(Path.Combine(folder, name));
            return $"{name} {file.Length} {file.LastWriteTimeUtc.Ticks}";
        })));

    /// <summary>The number of pairs and the first 12 digits of the hash of their texts.</summary>
    public static string OfPairs(IReadOnlyList<QueryPassagePair> pairs)
        => OfLines(pairs.Count, pairs.Select(pair => $"{pair.Query}\t{pair.Passage}"));

    /// <summary>The number of texts and the first 12 digits of their hash.</summary>
    public static string OfTexts(IReadOnlyList<string> texts) => OfLines(texts.Count, texts);

    /// <summary>The first 16 digits of a text's hash.</summary>
    public static string OfText(string text) => OfBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>The first 16 digits of the hash of bytes.</summary>
    public static string OfBytes(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    private static IEnumerable<string> DecidingFiles(string folder)
        => Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", Modules).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Where(HubFiles.IsDeciding).Order(StringComparer.Ordinal)
            : throw new GenQException($"There is no model in '{folder}': run the stage that makes it first.");

    private static string OfFileIfReadable(string path)
    {
        // Reading a pipe may wait for ever.
        if (SpecialFile.KindOf(path) is not null) return "";
        try
        {
            return OfFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string OfLines(int count, IEnumerable<string> lines)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines) hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        return $"{count} ({Convert.ToHexStringLower(hash.GetHashAndReset())[..12]})";
    }
}
