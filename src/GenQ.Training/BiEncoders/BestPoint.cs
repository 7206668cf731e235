using System.Globalization;
using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>The weights of a training when they were found best: it is looked at a few times, and what was learned by heart after that is given up.</summary>
/// <remarks>A resumed training takes the same steps and finds the same: a best point of later than its checkpoint is found again.</remarks>
internal sealed class BestPoint
{
    private const string StepKey = "step", FoundKey = "found";

    private readonly string _file;
    private readonly string _folder;
    private readonly long _steps;
    private readonly int _looks;
    private readonly AdamW _optimizer;
    private readonly IReadOnlyDictionary<string, string> _identity;
    private readonly Func<string, double> _measure;
    private (long Step, double Found)? _best;

    /// <summary>Begins without a best point, or with that of the same training.</summary>
    /// <param name="output">The folder of the training.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="looks">How many of them are looked at, at least 1, the last one among them.</param>
    /// <param name="optimizer">Holds the weights.</param>
    /// <param name="identity">What decides which weights come out, by name.</param>
    /// <param name="measure">Says how good the weights are; it may write into the folder it is given.</param>
    /// <exception cref="GenQException">The file of an interrupted training is damaged.</exception>
    public BestPoint(string output, long steps, int looks, AdamW optimizer, IReadOnlyDictionary<string, string> identity, Func<string, double> measure)
    {
        string checkpoints = new RunFolder(output).Checkpoints;
        (_file, _folder) = (Path.Combine(checkpoints, "best.safetensors"), Path.Combine(checkpoints, "looked-at"));
        (_steps, _looks, _optimizer, _identity, _measure) = (steps, looks, optimizer, identity, measure);
        if (File.Exists(_file)) _best = Known();
    }

    /// <summary>Measures the weights, where it is time to.</summary>
    /// <returns>What was found, or <see langword="null"/>.</returns>
    public double? Look()
    {
        long step = _optimizer.Steps;
        if (step * _looks / _steps == (step - 1) * _looks / _steps) return null;
        double found = _measure(_folder);
        Disk.Current.Delete(_folder);
        if (_best is { } best && (found < best.Found || (found == best.Found && step > best.Step))) return found;
        _best = (step, found);
        TensorFile.WriteSealed(_file, _optimizer.Weights, new Dictionary<string, string>(_identity)
        {
            [StepKey] = step.ToString(CultureInfo.InvariantCulture),
            [FoundKey] = found.ToString("R", CultureInfo.InvariantCulture),
        });
        return found;
    }

    /// <summary>Puts the weights back to the best point.</summary>
    /// <returns>The step after which it was.</returns>
    public long? TakeBack()
    {
        if (_best is not { } best || best.Step == _optimizer.Steps) return _best?.Step;
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        Dictionary<string, Tensor> weights = TrainingCheckpoint.ReadTensors(_file);
        foreach ((string name, Tensor weight) in _optimizer.Weights) weight.copy_(weights[name]);
        return best.Step;
    }

    // What another training has left in the folder is no point of this one.
    private (long Step, double Found)? Known()
    {
        IReadOnlyDictionary<string, string> saved = TrainingCheckpoint.ReadMetadata(_file);
        return _identity.All(setting => saved.GetValueOrDefault(setting.Key) == setting.Value)
            ? (long.Parse(saved[StepKey], CultureInfo.InvariantCulture), double.Parse(saved[FoundKey], CultureInfo.InvariantCulture))
            : null;
    }
}
