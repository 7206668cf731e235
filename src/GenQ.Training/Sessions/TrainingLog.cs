using System.Text.Json;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>
/// training.jsonl: one line per step, on the disk at once, so that the file never lags behind a checkpoint. A resumed
/// training cuts the file back to its checkpoint's step, so that each step stands there once.
/// </summary>
internal sealed class TrainingLog<TStep> : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _path;
    private readonly StreamWriter _writer;

    /// <summary>Opens the file and keeps its first <paramref name="steps"/> lines.</summary>
    /// <exception cref="GenQException">The file cannot be written: a file in the folder's place, no permission, no space.</exception>
    public TrainingLog(string path, long steps)
    {
        _path = path;
        string[] kept = steps > 0 && File.Exists(path) ? [.. File.ReadLines(path).Take((int)steps)] : [];
        AtomicFile.WriteText(path, writer =>
        {
            foreach (string line in kept) writer.WriteLine(line);
        });
        try
        {
            _writer = new StreamWriter(Disk.Current.Append(path)) { NewLine = "\n", AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(e);
        }
    }

    /// <summary>Adds a step.</summary>
    /// <exception cref="GenQException">The disk is full.</exception>
    public void Append(TStep step)
    {
        try
        {
            _writer.WriteLine(JsonSerializer.Serialize(step, Json));
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    /// <summary>Brings what was added to the disk.</summary>
    /// <exception cref="GenQException">The disk is full or failing.</exception>
    public void Sync()
    {
        try
        {
            Disk.Current.Sync(_writer.BaseStream);
        }
        catch (IOException e)
        {
            throw Unwritable(e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private GenQException Unwritable(Exception e) => WriteError.Of(_path, e, "A training goes on from its last checkpoint.");
}
