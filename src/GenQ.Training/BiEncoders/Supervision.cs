using GenQ.Models;

namespace GenQ.Training;

/// <summary>What the options ask of the batches of a training: what is right in them, and in which order the examples are dealt.</summary>
internal sealed class Supervision : IDisposable
{
    private readonly BaseReading? _reading;

    private Supervision(ILabels labels, IExampleOrder order, BaseReading? reading, BatchWords? words)
        => (Labels, Order, _reading, Words) = (labels, order, reading, words);

    /// <summary>What is right in a batch.</summary>
    public ILabels Labels { get; }

    /// <summary>What BM25 says, where the model learns beside it; else <see langword="null"/>.</summary>
    public BatchWords? Words { get; }

    /// <summary>The order of the examples.</summary>
    public IExampleOrder Order { get; }

    /// <summary>Makes both, and has the base read the passages where one of them needs that.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="examples">The examples of the training.</param>
    /// <param name="loadBase">Loads the untrained model.</param>
    /// <param name="progress">Told how many different passages have been read, of how many.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static Supervision Of(
        BiEncoderTrainerOptions options,
        RankingExample[] examples,
        Func<BiEncoder> loadBase,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken cancellation)
    {
        bool areSoft = options.Labels != LabelKind.Hard, areGrouped = options.Neighbours > 1;
        BaseReading? reading = areSoft || areGrouped ? new BaseReading(loadBase(), examples, progress, cancellation) : null;
        IExampleOrder order = areGrouped
            ? new NeighbourGroups(examples, NeighbourGroups.Neighbours(reading!), options.Neighbours, options.Seed)
            : new ShuffledExamples(examples.Length, options.Seed);
        BatchWords? words = areSoft || options.WordsWeight > 0 ? new BatchWords(examples) : null, beside = options.WordsWeight > 0 ? words : null;
        if (areSoft)
        {
            SoftLabels soft = new(examples, reading!, words!);
            return new Supervision(options.Labels == LabelKind.Lifted ? new LiftedLabels(examples, soft) : soft, order, reading, beside);
        }

        // Hard labels ask the base nothing: it need not stay in memory.
        reading?.Dispose();
        return new Supervision(new HardLabels(examples), order, null, beside);
    }

    /// <summary>Disposes of what the base has read, and of the base.</summary>
    public void Dispose() => _reading?.Dispose();
}
