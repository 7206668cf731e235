using System.Diagnostics;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// A training from its checkpoint, or from the start, to its model. It takes the steps that are left at the rates of the schedule, writes
/// each of them down, and leaves a checkpoint from time to time and when it is asked to stop.
/// </summary>
/// <remarks>
/// <see cref="Run"/> calls the trainer for each step. The trainer computes gradients from the number of the step alone and then calls
/// <see cref="Step"/>, so a resumed training takes the very same steps.
/// </remarks>
internal sealed class TrainingSession
{
    private readonly RunFolder _folder;
    private readonly AdamW _optimizer;
    private readonly WarmupLinearSchedule _schedule;
    private readonly int _checkpointEvery;
    private readonly IReadOnlyDictionary<string, string> _identity;
    private readonly bool _isResumed;
    private readonly long _firstStep;
    private readonly Stopwatch _clock = new();
    private long _items;

    /// <summary>Puts the optimizer and its weights back to the checkpoint, if there is one.</summary>
    /// <param name="output">The folder that receives training.jsonl and, while the training lasts, checkpoints/.</param>
    /// <param name="optimizer">Holds the weights; it knows how many steps are behind it.</param>
    /// <param name="schedule">The learning rates, and how many steps there are in all.</param>
    /// <param name="checkpointEvery">Steps from one checkpoint to the next.</param>
    /// <param name="identity">What decides which weights come out, by name; a checkpoint of anything else is refused.</param>
    /// <param name="translate">Reads the identity of a checkpoint that says the same in other words.</param>
    /// <exception cref="GenQException">The checkpoint is of a training with other settings; the message says which.</exception>
    public TrainingSession(
        string output,
        AdamW optimizer,
        WarmupLinearSchedule schedule,
        int checkpointEvery,
        IReadOnlyDictionary<string, string> identity,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>>? translate = null)
    {
        (_folder, _optimizer, _schedule, _checkpointEvery, _identity) = (new RunFolder(output), optimizer, schedule, checkpointEvery, identity);
        _isResumed = TrainingCheckpoint.Resume(_folder.Checkpoints, optimizer, identity, translate);
        _firstStep = optimizer.Steps;
    }

    /// <summary>Gives what is computed once, before the first step: a resumed training reads what was computed then.</summary>
    /// <param name="name">Names the file in checkpoints/ and the tensor in it.</param>
    /// <param name="compute">Computes it.</param>
    /// <returns>The caller's.</returns>
    /// <exception cref="GenQException">The file cannot be read or written.</exception>
    public Tensor Once(string name, Func<Tensor> compute)
    {
        string file = Path.Combine(_folder.Checkpoints, name + ".safetensors");
        if (_isResumed) return TrainingCheckpoint.ReadTensors(file)[name];
        Tensor computed = compute();
        TensorFile.WriteSealed(file, [new(name, computed)], new Dictionary<string, string>());
        return computed;
    }

    /// <summary>Takes the steps that are left.</summary>
    /// <param name="takeStep">Computes the gradients of a step, counted from 0, calls <see cref="Step"/>, and says how it went.</param>
    /// <param name="save">Saves a model beside each checkpoint, in checkpoints/model/; none is saved without it.</param>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops before the next step, with a checkpoint.</param>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Run<TStep>(Func<long, TStep> takeStep, SaveModel? save, IProgress<TStep>? progress, CancellationToken cancellation)
    {
        using TrainingLog<TStep> log = new(_folder.TrainingLog, _optimizer.Steps);
        _clock.Restart();
        while (_optimizer.Steps < _schedule.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                log.Sync();
                SaveCheckpoint(save);
                cancellation.ThrowIfCancellationRequested();
            }

            TStep taken = takeStep(_optimizer.Steps);
            log.Append(taken);
            Telemetry.StepTaken();
            progress?.Report(taken);
            NativeHeap.GiveBackFromTimeToTime();
            if (_optimizer.Steps % _checkpointEvery == 0 && _optimizer.Steps < _schedule.Steps)
            {
                log.Sync();
                SaveCheckpoint(save);
            }
        }

        log.Sync();
    }

    /// <summary>Moves the weights by the gradients of a step.</summary>
    /// <param name="items">How many pairs, texts or tokens the step learned from.</param>
    /// <exception cref="GenQException">A gradient is not a number.</exception>
    public SessionStep Step(long items)
    {
        double rate = _schedule.LearningRate(_optimizer.Steps);
        double norm = _optimizer.Step(rate);
        _items += items;
        double seconds = _clock.Elapsed.TotalSeconds, perStep = seconds / (_optimizer.Steps - _firstStep);
        return new SessionStep(
            _optimizer.Steps, _schedule.Steps, rate, norm, _items / seconds, (_schedule.Steps - _optimizer.Steps) * perStep);
    }

    /// <summary>Saves the trained model and deletes the checkpoints.</summary>
    /// <param name="folder">Receives the model.</param>
    /// <param name="asHalf">Whether the weights are saved as fp16, else as fp32.</param>
    /// <param name="save">Saves it.</param>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    public void Finish(string folder, bool asHalf, SaveModel save)
    {
        using IDisposable scope = NewDisposeScope();
        save(folder, _optimizer.WeightsAs(asHalf ? ScalarType.Float16 : ScalarType.Float32));
        TrainingCheckpoint.Delete(_folder.Checkpoints);
    }

    private void SaveCheckpoint(SaveModel? save)
    {
        TrainingCheckpoint.Save(_folder.Checkpoints, _optimizer, _identity);
        save?.Invoke(Path.Combine(_folder.Checkpoints, "model"), _optimizer.Weights);
    }
}
