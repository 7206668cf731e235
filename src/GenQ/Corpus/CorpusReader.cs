using System.Text.Json;
using GenQ.Data;
using GenQ.Documents;
using GenQ.Text;

namespace GenQ;

/// <summary>
/// Reads the passages of a run: records of a research corpus as they are, documents split so that the base model can read
/// every passage whole.
/// </summary>
/// <param name="corpus">Where the passages come from.</param>
/// <param name="run">The run folder: its own files are no documents, and skipped.jsonl receives what could not be read, and why.</param>
/// <param name="loader">Reads documents.</param>
/// <param name="baseModel">The model that must be able to read every passage whole: a folder or a name on the hub.</param>
/// <param name="progress">Told how many files are read.</param>
internal sealed class CorpusReader(CorpusSource corpus, RunFolder run, DocumentLoader loader, string baseModel, IProgress<StageProgress>? progress)
{
    private const int FilesPerReport = 50;

    /// <summary>Reads everything that the settings name.</summary>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="GenQException">There is no file, no text in any, an id twice, or one with a tab or a line break.</exception>
    public async Task<List<Passage>> ReadAsync(CancellationToken cancellation)
    {
        List<Passage> passages = corpus.Kind switch
        {
            CorpusKind.Squad => [.. SquadFile.ReadPassages(corpus.Path)],
            CorpusKind.Beir => [.. PassageFile.Read(BeirFolder.CorpusPath(corpus.Path))],
            _ => await ReadDocumentsAsync(cancellation),
        };
        if (passages.Count == 0) throw new GenQException("The documents hold no text that could become a passage.");
        HashSet<string> ids = [];
        if (passages.Find(passage => !ids.Add(passage.Id)) is { } second)
            throw new GenQException($"The _id \"{second.Id}\" stands twice in what was read; each passage needs its own. Number the passages anew, or leave out what is there twice.");
        if (passages.Find(passage => passage.Id.AsSpan().ContainsAny('\t', '\n', '\r')) is { } broken)
        {
            throw new GenQException(
                $"The id {JsonSerializer.Serialize(broken.Id)} holds a tab or a line break, which the files of judgements cannot hold. Rename the file, or number the passages anew.");
        }

        return passages;
    }

    private async Task<List<Passage>> ReadDocumentsAsync(CancellationToken cancellation)
    {
        EncoderTokenizer encoder = EncoderTokenizer.Load(baseModel);
        int specialTokens = encoder.CountTokens("");
        PassageSplitter splitter = new(new PassageSplitterOptions
        {
            CountTokens = text => encoder.CountTokens(text) - specialTokens,
            MaxTokens = encoder.MaxSequenceLength - specialTokens,
        });
        DistinctPassages distinct = new();
        List<Passage> passages = [.. corpus.Paths.Where(CorpusFiles.IsCorpus)
            .SelectMany(input => DocumentFiles.Find([input], cancellation))
            .SelectMany(file => PassageFile.Read(file.Path))];
        List<SkippedFile> skipped = [];
        int files = 0, inPart = 0;

        // A source is a path below the common folder of its group: an assembly's documentation is named alike on every machine.
        ILookup<bool, string> groups = corpus.Paths.Where(input => !CorpusFiles.IsCorpus(input)).ToLookup(ReferencePacks.Names);
        foreach (IGrouping<bool, string> group in groups)
        {
            await foreach (LoadedFile file in loader.LoadAsync(group.SelectMany(ReferencePacks.Expand), file => !run.Owns(file), cancellation))
            {
                files++;
                if (file.Skipped is not null) skipped.Add(file.Skipped);
                if (file is { Skipped: not null, Documents.Count: > 0 }) inPart++;
                passages.AddRange(file.Documents.SelectMany(splitter.Split).Where(distinct.Add));
                if (files % FilesPerReport == 0) progress.Say($"read {files:N0} files, {passages.Count:N0} passages");
            }
        }

        AtomicFile.WriteText(run.Skipped, writer =>
        {
            foreach (SkippedFile file in skipped) writer.WriteLine(JsonSerializer.Serialize(new { source = file.Source, reason = file.Reason }));
        });
        int unread = skipped.Count - inPart;
        string partly = inPart == 0 ? "" : $"{inPart:N0} of them in part, ";
        progress.Say($"{files - unread:N0} files read, {partly}{unread:N0} skipped (see skipped.jsonl), {distinct.Duplicates:N0} passages occurred twice");
        return passages;
    }
}
