using GenQ.Data;
using GenQ.Retrieval;
using Microsoft.Extensions.VectorData;

namespace GenQ.Extensions;

/// <summary>Loads the passages of a run and their vectors into any vector store.</summary>
public static class VectorStoreExport
{
    /// <summary>
    /// Stores the passages of a run: those that are there are written again, those of an earlier index are taken away. Nothing is encoded, since the
    /// run's index has the vectors. Where it was stopped, the same call does it all again and leaves nothing twice.
    /// </summary>
    /// <param name="run">The run folder; its passages and its index are read.</param>
    /// <param name="store">The store.</param>
    /// <param name="collection">The collection's name. It is made where it is missing, and should hold nothing else.</param>
    /// <param name="options">Batches, and how vectors are indexed.</param>
    /// <param name="progress">Told how many passages are stored.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>The collection.</returns>
    /// <exception cref="GenQException">
    /// The run has no index, it is of other passages, a newer GenQ has made it, or the store cannot be reached or refuses; the message says what to do.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<VectorStoreCollection<Guid, PassageRecord>> UpsertAsync(
        RunFolder run, VectorStore store, string collection, VectorStoreExportOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentException.ThrowIfNullOrWhiteSpace(collection);
        options ??= new VectorStoreExportOptions();
        RunRecords records = RunIndex.ReadRecords(run);
        using PassageIndex vectors = PassageIndex.Open(run.Index);
        (Passage[] passages, string hash) = RunIndex.ReadPassages(run, records, vectors);
        try
        {
            VectorStoreCollection<Guid, PassageRecord> stored = store.GetCollection<Guid, PassageRecord>(collection, PassageRecord.Definition(vectors.Dimension, options.IndexKind));
            await stored.EnsureCollectionExistsAsync(cancellation).ConfigureAwait(false);
            string index = $"{vectors.Model} {hash}";
            foreach (int[] batch in Enumerable.Range(0, passages.Length).Chunk(options.BatchSize))
            {
                await stored.UpsertAsync(batch.Select(i => PassageRecord.Of(passages[i], vectors[i].ToArray(), index)), cancellation).ConfigureAwait(false);
                progress?.Report(batch[^1] + 1);
            }

            await DeleteOthersAsync(stored, index, options.BatchSize, cancellation).ConfigureAwait(false);
            return stored;
        }
        catch (VectorStoreException e)
        {
            throw new GenQException($"'{run.Path}' cannot be stored in '{collection}'. {e.Message}", e) { Where = collection };
        }
    }

    // Until then old and new are there together, so that nobody who searches meanwhile finds nothing.
    private static async Task DeleteOthersAsync(VectorStoreCollection<Guid, PassageRecord> stored, string index, int batchSize, CancellationToken cancellation)
    {
        while (true)
        {
            List<Guid> others = [];
            await foreach (PassageRecord record in stored.GetAsync(record => record.Index != index, batchSize, cancellationToken: cancellation).ConfigureAwait(false)) others.Add(record.Key);
            if (others.Count == 0) return;
            await stored.DeleteAsync(others, cancellation).ConfigureAwait(false);
        }
    }
}
