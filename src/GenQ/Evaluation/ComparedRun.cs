using GenQ.Data;
using GenQ.Generation;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>A run that is compared with others, and who wrote its queries.</summary>
/// <param name="Name">What its rows are called: the name of its folder.</param>
/// <param name="Writer">Who wrote its queries.</param>
/// <param name="Passages">Passages that have queries to train on.</param>
/// <param name="Pairs">Queries that are not empty.</param>
/// <param name="Usage">What a language model was asked for them; nothing where a T5 wrote them.</param>
public sealed record ComparedRun(string Name, string Writer, int Passages, int Pairs, ChatUsage Usage)
{
    /// <summary>Its folder.</summary>
    internal RunFolder Folder { get; private init; } = new("");

    /// <summary>Its settings.</summary>
    internal GenQSettings Settings { get; private init; } = new();

    /// <summary>The ids of the passages that it has set aside.</summary>
    internal IEnumerable<string> HeldOut => Evaluation.HoldOut.IdsOf(Folder);

    /// <summary>Opens a run.</summary>
    /// <exception cref="GenQException">It is no run, or has no model yet.</exception>
    internal static ComparedRun Open(string folder)
    {
        RunFolder run = new(folder);
        RunLedger ledger = new(run.Settings);
        GenQSettings settings = ledger.Settings;
        if (!File.Exists(Path.Combine(run.Model, WeightFiles.SafeTensorsFile)))
            throw new GenQException($"'{folder}' has no model yet.") { Where = run.Model, Expected = "model", Remedy = new Remedy.RunStage("train", folder) };
        QueryPassagePair[] pairs = Directory.Exists(run.Pairs) ? [.. PairFiles.Read(run.Pairs).Where(pair => pair.HasBothTexts)] : [];
        string writer = ledger.Begun("generate", "writer") ?? NameOf(settings.Generator);
        return new ComparedRun(NameOf(Path.GetFullPath(folder)), writer, pairs.DistinctBy(pair => pair.Passage).Count(), pairs.Length, WriterUsage.Read(run))
        {
            Folder = run,
            Settings = settings,
        };
    }

    /// <summary>The file of the model's vectors of a corpus; <see langword="null"/> where the run has no whole index of just this one.</summary>
    internal string? IndexOf(IReadOnlyList<Passage> corpus)
        => RunIndex.IsWhole(Folder, Fingerprint.OfModel(Folder.Model)) && PassageFile.Read(Folder.Passages).Select(passage => passage.SearchText).SequenceEqual(corpus.Select(passage => passage.SearchText))
            ? Folder.Index
            : null;

    private static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
