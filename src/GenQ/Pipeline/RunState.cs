using System.Collections.Concurrent;
using GenQ.Data;
using GenQ.Text;

namespace GenQ;

/// <summary>What the stages of a run read again and again: its passages and the fingerprints of its models, each read once.</summary>
internal sealed class RunState(RunFolder run)
{
    private readonly Dictionary<string, (string Folder, DateTime Written, string Hash)> _models = [];
    private (DateTime Written, Passage[] Passages, string Hash)? _passages;

    /// <summary>The passages, in their order.</summary>
    public Passage[] Passages => ReadPassages().Passages;

    /// <summary>Names the contents of passages.jsonl.</summary>
    public string PassagesHash => ReadPassages().Hash;

    /// <summary>Vectors of lists of texts, by model, precision and list: see <see cref="RememberingEncoder"/>.</summary>
    public ConcurrentDictionary<string, float[][]> Encoded { get; } = [];

    /// <summary>Names the contents of a model.</summary>
    /// <param name="nameOrFolder">A folder or a name on the hub, which is fetched where it is not in the cache.</param>
    public string HashOf(string nameOrFolder)
    {
        string folder = ModelFolder.Resolve(nameOrFolder);
        DateTime written = Directory.EnumerateFiles(folder).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
        if (!_models.TryGetValue(nameOrFolder, out (string Folder, DateTime Written, string Hash) known) || (known.Folder, known.Written) != (folder, written))
            _models[nameOrFolder] = known = (folder, written, Fingerprint.OfModel(folder));
        return known.Hash;
    }

    private (DateTime Written, Passage[] Passages, string Hash) ReadPassages()
    {
        DateTime written = File.GetLastWriteTimeUtc(run.Passages);
        if (_passages is not { } known || known.Written != written)
            _passages = known = (written, [.. PassageFile.Read(run.Passages)], Fingerprint.OfFile(run.Passages));
        return known;
    }
}
