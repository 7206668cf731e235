using System.Text.Json;

namespace GenQ.Training;

/// <summary>
/// training.jsonl: one line per step. A resumed training cuts the file back to its checkpoint's step, so that each step
/// stands there once.
/// </summary>
internal sealed class TrainingLog<TStep> : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly StreamWriter _writer;

    /// <summary>Opens the file and keeps its first <paramref name="steps"/> lines.</summary>
    public TrainingLog(string path, long steps)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string[] kept = File.Exists(path) ? [.. File.ReadLines(path).Take((int)steps)] : [];
        _writer = new StreamWriter(path, append: false) { NewLine = "\n" };
        foreach (string line in kept) _writer.WriteLine(line);
        _writer.Flush();
    }

    /// <summary>Adds a step.</summary>
    public void Append(TStep step) => _writer.WriteLine(JsonSerializer.Serialize(step, Json));

    /// <summary>Writes out what was added: before each checkpoint, so that the file never lags behind it.</summary>
    public void Flush() => _writer.Flush();

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();
}
