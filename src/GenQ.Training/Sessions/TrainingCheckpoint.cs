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
        TensorFile.WriteSealed(FileOf(folder), optimizer.State, metadata);
    }

    /// <summary>Puts the optimizer and its weights back to the checkpoint of <paramref name="folder"/>, if there is one.</summary>
    /// <param name="folder">Where checkpoints live.</param>
    /// <param name="optimizer">Receives the state; left as it is where there is no checkpoint.</param>
    /// <param name="identity">What the training depends on.</param>
    /// <param name="translate">Reads the identity of a checkpoint that says the same in other words.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="GenQException">The checkpoint is damaged, or of a training with other settings; the message says which.</exception>
    public static bool Resume(
        string folder,
        AdamW optimizer,
        IReadOnlyDictionary<string, string> identity,
        Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>>? translate = null)
    {
        string file = FileOf(folder);
        if (!File.Exists(file)) return false;
        IReadOnlyDictionary<string, string> saved = ReadMetadata(file);
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

        Dictionary<string, Tensor> state = ReadWhole(file, () => TensorFile.Read(file));
        long step = long.TryParse(saved.GetValueOrDefault(StepKey), NumberStyles.None, CultureInfo.InvariantCulture, out long known)
            ? known
            : throw Damaged(file, "it does not say its step.");
        optimizer.Load(state, step);
        foreach (Tensor tensor in state.Values) tensor.Dispose();
        return true;
    }

    /// <summary>Deletes what a finished training does not need; a short one has nothing.</summary>
    public static void Delete(string folder) => Disk.Current.Delete(folder);

    /// <summary>Reads what a file of a checkpoint says of itself.</summary>
    /// <exception cref="GenQException">It is damaged; the message says how the training goes on.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(string file) => ReadWhole(file, () =>
    {
        SafeTensors.RequireSeal(file);
        return SafeTensors.ReadHeader(file).Metadata;
    });

    /// <summary>Reads the tensors of a file of a checkpoint.</summary>
    /// <returns>The caller's.</returns>
    /// <exception cref="GenQException">It is damaged; the message says how the training goes on.</exception>
    public static Dictionary<string, Tensor> ReadTensors(string file) => ReadWhole(file, () =>
    {
        SafeTensors.RequireSeal(file);
        return TensorFile.Read(file);
    });

    private static T ReadWhole<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (GenQException e)
        {
            throw Damaged(file, e.Message, e);
        }
    }

    // There is one checkpoint: without it the training begins anew, from the same base and to the same end.
    private static GenQException Damaged(string file, string what, Exception? cause = null) => new(
        $"The checkpoint '{file}' is damaged: {what.Replace(" Get the file anew.", "", StringComparison.Ordinal)} "
        + $"Delete '{Path.GetDirectoryName(file)}', and the training begins anew.",
        cause!)
    {
        Where = file,
    };

    // A setting that is not set has an empty value.
    private static string InWords(string value) => value.Length == 0 ? "not set" : value;

    private static string FileOf(string folder) => Path.Combine(folder, "checkpoint.safetensors");
}
