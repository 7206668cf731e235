using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Training;

/// <summary>
/// What every training does around its steps: goes on where the optimizer stands, writes each step down, and leaves a checkpoint from
/// time to time and when it is asked to stop.
/// </summary>
internal static class TrainingLoop
{
    /// <summary>Takes the steps that are left.</summary>
    /// <param name="output">Receives training.jsonl and checkpoints/.</param>
    /// <param name="optimizer">Knows how many steps are behind it.</param>
    /// <param name="steps">How many there are in all.</param>
    /// <param name="checkpointEvery">Steps from one checkpoint to the next.</param>
    /// <param name="identity">What the training depends on; goes into the checkpoint.</param>
    /// <param name="takeStep">Takes the step of a number, counted from 0, the optimizer's step included, and says how it went.</param>
    /// <param name="saveModel">Saves the model beside each checkpoint, ready to load.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops before the next step, with a checkpoint.</param>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Run<TStep>(
        string output,
        AdamW optimizer,
        long steps,
        int checkpointEvery,
        IReadOnlyDictionary<string, string> identity,
        Func<long, TStep> takeStep,
        Action<string>? saveModel,
        IProgress<TStep>? progress,
        CancellationToken cancellation)
    {
        RunFolder folder = new(output);
        using TrainingLog<TStep> log = new(folder.TrainingLog, optimizer.Steps);
        while (optimizer.Steps < steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                cancellation.ThrowIfCancellationRequested();
            }

            TStep taken = takeStep(optimizer.Steps);
            log.Append(taken);
            progress?.Report(taken);
            NativeHeap.GiveBackFromTimeToTime();
            if (optimizer.Steps % checkpointEvery == 0 && optimizer.Steps < steps) Save();
        }

        void Save()
        {
            TrainingCheckpoint.Save(folder.Checkpoints, optimizer, identity);
            saveModel?.Invoke(Path.Combine(folder.Checkpoints, "model"));
        }
    }
}
