using GenQ.Data;
using GenQ.Text;

namespace GenQ.Retrieval;

/// <summary>Encodes the passages of a run part by part. A part that is on the disk is whole, so a run that was stopped goes on behind it.</summary>
internal static class IndexParts
{
    // A few minutes' work of a large encoder on two cores.
    private const int PassagesPerPart = 4096;

    /// <summary>Writes the vectors of all passages, unless they are there and whole, and then deletes the parts.</summary>
    /// <param name="index">The index file; the parts lie beside it, and are of the same model and passages.</param>
    /// <param name="model">Names the model.</param>
    /// <param name="encoder">The model.</param>
    /// <param name="texts">The passages, in the order of the run.</param>
    /// <param name="progress">Told how many passages are encoded.</param>
    /// <param name="cancellation">Stops between batches; whole parts stay.</param>
    /// <param name="perPart">Passages of a part.</param>
    /// <exception cref="GenQException">A file cannot be written, or a vector is not finite.</exception>
    public static void Write(
        string index, string model, ISentenceEncoder encoder, string[] texts, IProgress<int>? progress, CancellationToken cancellation, int perPart = PassagesPerPart)
    {
        string[] parts = PartsOf(index, texts.Length, perPart);
        if (!PassageIndex.IsWhole(index, model, texts.Length))
        {
            foreach ((int part, string[] own) in texts.Chunk(perPart).Index())
            {
                if (PassageIndex.IsWhole(parts[part], model, own.Length)) continue;
                float[][] vectors = encoder.EncodePassages(own, new SynchronousProgress<int>(done => progress?.Report(part * perPart + done)), cancellation);
                PassageIndex.Write(parts[part], model, encoder.Dimensions, vectors.Select(vector => (ReadOnlyMemory<float>)vector));
                Telemetry.PassagesEncoded(own.Length);
            }

            PassageIndex.Write(index, model, encoder.Dimensions, parts.SelectMany(part => Vectors(part, model)));
        }

        foreach (string part in parts) Disk.Current.Delete(part);
    }

    /// <summary>Deletes parts that a kill has left beside an index that is whole.</summary>
    public static void DeleteLeft(string index, int passages)
    {
        foreach (string part in PartsOf(index, passages, PassagesPerPart)) Disk.Current.Delete(part);
    }

    private static string[] PartsOf(string index, int passages, int perPart) => [.. Enumerable.Range(0, (passages + perPart - 1) / perPart).Select(part => $"{index}.{part}")];

    private static IEnumerable<ReadOnlyMemory<float>> Vectors(string part, string model)
    {
        using PassageIndex vectors = PassageIndex.Open(part, model);
        for (int i = 0; i < vectors.Count; i++) yield return vectors[i].ToArray();
    }
}
