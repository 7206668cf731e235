using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using GenQ.Data;

namespace GenQ.Generation;

/// <summary>
/// The answers of language models on disk, by the hash of everything that was asked: model, prompt, passage, kinds. All runs share it, so that nothing
/// is paid for twice, whatever becomes of the run or of the process that asked. It holds queries and ratings, not the passages.
/// </summary>
/// <param name="folder">The folder; it is made where it is missing, and may be deleted at any time.</param>
public sealed class AnswerCache(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The user's own: <c>GENQ_CACHE</c>, else <c>genq</c> in <c>XDG_CACHE_HOME</c> or <c>~/.cache</c>; below it <c>answers</c>.</summary>
    public static string DefaultFolder => Path.Combine(
        Variable("GENQ_CACHE") ?? Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "genq"),
        "answers");

    /// <summary>Names an answer by the parts of its question.</summary>
    internal static string Key(params IEnumerable<string> parts)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts))));

    /// <summary>Finds an answer; one that was damaged counts as not there.</summary>
    internal T? Find<T>(string key)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(FileOf(key)), IndentedJson.Options);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Keeps an answer.</summary>
    /// <exception cref="GenQException">It cannot be written.</exception>
    internal void Save<T>(string key, T answer)
        where T : class
    {
        string file = FileOf(key);
        try
        {
            AtomicFile.WriteText(file, writer => writer.WriteLine(JsonSerializer.Serialize(answer, IndentedJson.Options)));
        }
        catch (GenQException) when (File.Exists(file))
        {
            // Another process asked the same and keeps its answer at this moment.
        }
    }

    // A folder of a hundred thousand files is slow to list.
    private string FileOf(string key) => Path.Combine(Folder, key[..2], $"{key}.json");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
