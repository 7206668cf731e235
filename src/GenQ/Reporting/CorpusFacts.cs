using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Reporting;

/// <summary>What a run has read.</summary>
/// <param name="Files">Files that gave passages; 0 where the passages came without files.</param>
/// <param name="Documents">Documents that gave passages; 0 where the passages came without documents.</param>
/// <param name="Words">The words of each passage, its title included.</param>
/// <param name="Named">The passages that were asked for, by id.</param>
/// <param name="Skipped">Files that were not read, or only in part; <see langword="null"/> where no document files were read.</param>
internal sealed record CorpusFacts(
    int Files, int Documents, IReadOnlyList<int> Words, IReadOnlyDictionary<string, Passage> Named, IReadOnlyList<SkippedFile>? Skipped)
{
    /// <summary>Reads the passages once, however many there are, and keeps only those that are shown.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="shown">The ids of those.</param>
    public static CorpusFacts Read(RunFolder run, IReadOnlySet<string> shown)
    {
        HashSet<string> files = [], documents = [];
        List<int> words = [];
        Dictionary<string, Passage> named = [];
        foreach (Passage passage in File.Exists(run.Passages) ? PassageFile.Read(run.Passages) : [])
        {
            words.Add(TextMeasure.Words(passage.SearchText));
            if (shown.Contains(passage.Id)) named[passage.Id] = passage;
            if (passage.Origin is not { } origin) continue;
            files.Add(origin.Source);
            documents.Add(origin.DocumentId);
        }

        SkippedFile[]? skipped = File.Exists(run.Skipped)
            ? [.. JsonLine.Read(run.Skipped).Select(line => new SkippedFile(line.OptionalText("source") ?? "", line.OptionalText("reason") ?? ""))]
            : null;
        return new CorpusFacts(files.Count, documents.Count, words, named, skipped);
    }
}
