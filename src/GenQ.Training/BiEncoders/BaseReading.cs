using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>The passages of a training as the model reads them before it is trained.</summary>
internal sealed class BaseReading : IDisposable
{
    /// <summary>Reads all passages.</summary>
    /// <param name="model">The untrained model; it becomes the reading's, which disposes of it.</param>
    /// <param name="examples">The examples of the training.</param>
    /// <param name="progress">Told how many different passages have been read, of how many.</param>
    /// <param name="cancellation">Stops between batches.</param>
    public BaseReading(
        BiEncoder model, RankingExample[] examples, IProgress<(int Done, int Total)>? progress, CancellationToken cancellation)
    {
        Base = model;
        Dictionary<string, int> numbers = [];
        int[] passageOf = new int[examples.Length];
        foreach ((int i, RankingExample example) in examples.Index())
        {
            if (!numbers.TryGetValue(example.Passage, out int number)) numbers.Add(example.Passage, number = numbers.Count);
            passageOf[i] = number;
        }

        (Passages, PassageOf) = ([.. numbers.Keys], passageOf);
        try
        {
            SynchronousProgress<int> read = new(done => progress?.Report((done, Passages.Count)));
            Vectors = UnitVectors.Of(model.EncodePassages(Passages, read, cancellation)).DetachFromDisposeScope();
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The untrained model.</summary>
    public BiEncoder Base { get; }

    /// <summary>The different passages.</summary>
    public IReadOnlyList<string> Passages { get; }

    /// <summary>For each example the number of its passage.</summary>
    public IReadOnlyList<int> PassageOf { get; }

    /// <summary>(passages, width), each of length 1.</summary>
    public Tensor Vectors { get; }

    /// <summary>Disposes of the vectors and of the model.</summary>
    public void Dispose()
    {
        Vectors.Dispose();
        Base.Dispose();
    }
}
