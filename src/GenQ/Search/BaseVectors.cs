using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ;

/// <summary>
/// The base's vectors of a run's passages. The filter, the index and the evaluation need them; the first of them makes them. They stay: who searches the
/// run can see what its base would have found.
/// </summary>
internal sealed class BaseVectors(RunFolder run, GenQSettings settings, RunState state)
{
    private readonly string _file = Path.Combine(run.BaseVectors, "passages.vectors");

    // In another precision the vectors would be a little different.
    private string Name => $"{state.HashOf(settings.Base)} {state.PassagesHash} {settings.PrecisionInUse}";

    /// <summary>The file, where it is there and of today's base and passages; else <see langword="null"/>.</summary>
    public string? Find()
    {
        if (!File.Exists(_file)) return null;
        try
        {
            using PassageIndex found = PassageIndex.Open(_file, Name);
            return found.Count == state.Passages.Length ? _file : null;
        }
        catch (GenQException)
        {
            return null;
        }
    }

    /// <summary>Makes them where they are missing.</summary>
    /// <param name="options">How the base is loaded for that.</param>
    /// <param name="progress">Told of passages encoded.</param>
    /// <param name="cancellation">Stops between batches; what is encoded stays.</param>
    /// <returns>The file.</returns>
    public string Make(BiEncoderOptions options, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        if (Find() is { } made) return made;
        using BiEncoder model = BiEncoder.Load(settings.Base, options);
        Open(model, progress, cancellation).Dispose();
        return _file;
    }

    /// <summary>Opens them; where they are missing or of another base or other passages, the base reads the passages first.</summary>
    /// <param name="model">The base.</param>
    /// <param name="progress">Told of passages encoded.</param>
    /// <param name="cancellation">Stops between batches; what is encoded stays.</param>
    public PassageIndex Open(BiEncoder model, IProgress<StageProgress>? progress, CancellationToken cancellation)
    {
        string[] texts = [.. state.Passages.Select(passage => passage.SearchText)];
        if (Find() is null)
        {
            if (File.Exists(_file)) progress.Say($"'{_file}' is damaged, or of another base, precision or other passages: it is made anew");
            RequireOwnParts();
            IndexParts.Write(_file, Name, model, texts, progress.Of<int>("reading with the base", done => (done, texts.Length, "")), cancellation);
        }
        else
        {
            IndexParts.DeleteLeft(_file, texts.Length);
        }

        return PassageIndex.Open(_file, Name);
    }

    // Parts that an interruption has left are gone on with only where they are of the same base and passages, as a note beside them says.
    private void RequireOwnParts()
    {
        string note = Path.Combine(run.BaseVectors, "of.txt");
        if (File.Exists(note) && File.ReadAllText(note) == Name) return;
        Disk.Current.Delete(run.BaseVectors);
        AtomicFile.WriteText(note, writer => writer.Write(Name));
    }
}
