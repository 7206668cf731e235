using System.Globalization;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// What a killed training goes on from: fp32 weights, both moments of AdamW, and the step. Everything else follows from
/// the seed and the step, so a resumed training takes the very same steps (same processor kind and thread count).
/// </summary>
internal static class TrainingCheckpoint
{
    private const string StepKey = "step";

    /// <summary>Replaces the checkpoint of <paramref name="folder"/>.</summary>
    /// <param name="folder">Where checkpoints live.</param>
    /// <param name="optimizer">At the end of a step.</param>
    /// <param name="identity">What the training depends on; a resume with anything else is refused.</param>
    public static void Save(string folder, AdamW optimizer, IReadOnlyDictionary<string, string> identity)
    {
        Dictionary<string, string> metadata = new(identity) { [StepKey] = optimizer.Steps.ToString(CultureInfo.InvariantCulture) };
        TensorFile.Write(FileOf(folder), optimizer.State, metadata);
    }

    /// <summary>Puts the optimizer and its weights back to the checkpoint of <paramref name="folder"/>, if there is one.</summary>
    /// <param name="folder">Where checkpoints live.</param>
    /// <param name="optimizer">Receives the state; left as it is where there is no checkpoint.</param>
    /// <param name="identity">What the training depends on.</param>
    /// <param name="translate">Reads the identity of a checkpoint that says the same in other words.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="GenQException">The checkpoint is of a training with other settings; the message says which.</exception>
    public static bool Resume(
        string folder,
        AdamW optimizer,
        IReadOnlyDictionary<string, string> identity,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>>? translate = null)
    {
        string file = FileOf(folder);
        if (!File.Exists(file)) return false;
        IReadOnlyDictionary<string, string> saved = SafeTensors.ReadHeader(file).Metadata;
        IReadOnlyDictionary<string, string> was = translate?.Invoke(saved) ?? saved;
        string[] differences = [.. identity
            .Select(setting => (setting.Key, Was: was.GetValueOrDefault(setting.Key, "not recorded"), Is: setting.Value))
            .Where(setting => setting.Was != setting.Is)
            .Select(setting => $"{setting.Key} was {InWords(setting.Was)}, is now {InWords(setting.Is)}")];
        if (differences.Length > 0)
        {
            throw new GenQException(
                $"'{file}' belongs to a training with other settings: {string.Join("; ", differences)}. "
                + "Go on with the old settings, or delete the checkpoint to start anew.");
        }

        Dictionary<string, Tensor> state = TensorFile.Read(file);
        optimizer.Load(state, long.Parse(saved[StepKey], CultureInfo.InvariantCulture));
        foreach (Tensor tensor in state.Values) tensor.Dispose();
        return true;
    }

    /// <summary>Deletes what a finished training does not need; a short one has nothing.</summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    // A setting that is not set has an empty value.
    private static string InWords(string value) => value.Length == 0 ? "not set" : value;

    private static string FileOf(string folder) => Path.Combine(folder, "checkpoint.safetensors");
}
