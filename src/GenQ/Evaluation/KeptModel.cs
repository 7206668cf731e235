using System.Text.Json;
using System.Text.Json.Serialization;
using GenQ.Data;

namespace GenQ.Evaluation;

/// <summary>What was kept of a training, and why: kept.json.</summary>
/// <param name="BaseShare">How much of the way back to the base the weights were moved: 0 is the model as it was trained, 1 the base.</param>
/// <param name="Trained">The fingerprint of the weights as they were trained.</param>
/// <param name="Weights">The fingerprint of the weights that are kept.</param>
/// <param name="Tried">What was measured, in this order.</param>
public sealed record KeptModel(double BaseShare, string Trained, string Weights, IReadOnlyList<TriedModel> Tried)
{
    /// <summary>The same in words.</summary>
    [JsonIgnore]
    public string InWords => BaseShare switch
    {
        0 => "the model as it was trained",
        1 => "the base, since nothing else was shown to be better",
        _ => "the average of the trained model and the base",
    };

    /// <summary>Reads kept.json.</summary>
    /// <returns><see langword="null"/> where nothing was chosen.</returns>
    /// <exception cref="GenQException">It is damaged.</exception>
    internal static KeptModel? Read(RunFolder run)
    {
        if (!File.Exists(run.Kept)) return null;
        try
        {
            return JsonSerializer.Deserialize<KeptModel>(File.ReadAllBytes(run.Kept), IndentedJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{run.Kept}' is damaged: {e.Message} Delete it with model/, and the training begins anew.", e) { Where = run.Kept };
        }
    }

    /// <summary>Writes kept.json.</summary>
    internal void Write(RunFolder run) => AtomicFile.WriteText(run.Kept, writer => writer.WriteLine(JsonSerializer.Serialize(this, IndentedJson.Options)));
}
