using GenQ.Data;

namespace GenQ.Generation;

/// <summary>
/// Writes the pair files of passages, whoever the writer of their queries is. Pair k is query k mod n of passage k div n, n being the queries
/// of a passage; so a file depends on nothing but its number, and a run that was stopped goes on with the first that is missing.
/// </summary>
/// <param name="mixture">Who writes the queries, and how many of each passage.</param>
/// <param name="progress">Told of every passage.</param>
internal sealed class PairWriter(QueryMixture mixture, IProgress<GenerationProgress>? progress = null)
{
    /// <summary>Writes the files that are missing; one that is there stays as it is.</summary>
    /// <param name="passages">The passages, in the order of the run.</param>
    /// <param name="folder">The folder of the pair files.</param>
    /// <param name="cancellation">Stops the writers; whole files stay.</param>
    /// <exception cref="GenQException">A file cannot be written, or a writer does what it was not asked for.</exception>
    public async Task WriteAsync(IReadOnlyList<Passage> passages, string folder, CancellationToken cancellation)
    {
        int total = passages.Count * mixture.Count;
        foreach (int file in Enumerable.Range(0, PairFiles.Count(total)).Where(file => !PairFiles.IsWritten(folder, file)))
        {
            int firstPair = file * PairFiles.PairsPerFile, endPair = Math.Min(total, firstPair + PairFiles.PairsPerFile);
            int firstPassage = firstPair / mixture.Count, endPassage = (endPair + mixture.Count - 1) / mixture.Count;
            Passage[] own = [.. passages.Skip(firstPassage).Take(endPassage - firstPassage)];
            WrittenQuery[][] queries = await QueriesAsync(own, (done, sample) => progress?.Report(
                new(Math.Min(firstPair + done, endPair), total, sample)), cancellation).ConfigureAwait(false);
            (Passage Passage, int Sample)[] places = [.. Enumerable.Range(firstPair, endPair - firstPair).Select(pair => (passages[pair / mixture.Count], pair % mixture.Count))];
            WrittenQuery[] written = [.. Enumerable.Range(firstPair, endPair - firstPair).Select(pair => queries[pair / mixture.Count - firstPassage][pair % mixture.Count])];
            PairFiles.Write(
                folder,
                file,
                [.. places.Zip(written, (place, query) => new QueryPassagePair(query.Text, place.Passage.SearchText))],
                [.. places.Zip(written, (place, query) => new PairOrigin(place.Passage.Id, place.Sample, query.Kind, query.LogProbability, query.Task))]);
            Telemetry.QueriesWritten(written.LongCount(query => query.Text.Length > 0));
        }
    }

    // A passage on the border of two files is written for both, so some of what is written belongs to the other.
    private async Task<WrittenQuery[][]> QueriesAsync(Passage[] passages, Action<int, string> report, CancellationToken cancellation)
    {
        WrittenQuery empty = new("");
        WrittenQuery[][] queries = [.. passages.Select(_ => Enumerable.Repeat(empty, mixture.Count).ToArray())];
        int done = 0;
        foreach ((IQueryWriter writer, int firstSample, int count) in mixture.Parts)
        {
            HashSet<int> seen = [];
            await foreach (PassageQueries written in writer.WriteAsync(new QueryRequest(passages, count, firstSample), cancellation).WithCancellation(cancellation).ConfigureAwait(false))
            {
                cancellation.ThrowIfCancellationRequested();
                if (written.Passage < 0 || written.Passage >= passages.Length || written.Queries.Count > count || !seen.Add(written.Passage))
                {
                    throw new GenQException(
                        $"{writer.GetType().Name} gave {written.Queries.Count} queries for passage {written.Passage}, expected at most {count} for each of 0 to {passages.Length - 1}, each once.");
                }

                for (int i = 0; i < written.Queries.Count; i++) queries[written.Passage][firstSample + i] = written.Queries[i];
                done += count;
                report(done, written.Queries.Select(query => query.Text).FirstOrDefault(text => text.Length > 0, ""));
            }
        }

        return queries;
    }
}
