using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// The weighted average of two models' weights, one of them tuned from the other: between them lies a model that keeps most of what
/// tuning gained and loses less of what it cost (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
/// </summary>
public static class WeightAverage
{
    /// <summary>Writes the average of two encoders of the same shape.</summary>
    /// <param name="first">A folder or a name on the hub; the tokenizer and the settings are taken from it.</param>
    /// <param name="second">The other one.</param>
    /// <param name="share">The share of the second one's weights, in [0, 1].</param>
    /// <param name="output">Receives a sentence-transformers folder.</param>
    /// <param name="asHalf">Whether the weights are saved as fp16, else as fp32.</param>
    /// <exception cref="GenQException">A model is broken, or the two have different shapes.</exception>
    public static void Write(string first, string second, double share, string output, bool asHalf = false)
    {
        using IDisposable scope = NewDisposeScope();
        using BiEncoder model = BiEncoder.Load(first, new BiEncoderOptions { Precision = Precision.Fp32 });
        Blend(model.Network.state_dict(), second, share);
        string data = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The average of the weights of `{first}` and, with a share of {share}, `{second}`.");
        model.Save(
            output,
            new ModelCard { Name = ModelCard.NameOf(output), BaseModel = ModelCard.BaseNameOf(first), Data = data },
            model.Network.state_dict().Select(weight => KeyValuePair.Create(weight.Key, weight.Value.to(asHalf ? ScalarType.Float16 : ScalarType.Float32))));
    }

    /// <summary>Moves weights towards another model's by <paramref name="share"/> of the way.</summary>
    internal static void Blend(IEnumerable<KeyValuePair<string, Tensor>> weights, string other, double share)
    {
        using IDisposable guard = no_grad();
        using IDisposable scope = NewDisposeScope();
        using BiEncoder model = BiEncoder.Load(other, new BiEncoderOptions { Precision = Precision.Fp32 });
        Dictionary<string, Tensor> others = model.Network.state_dict();
        foreach ((string name, Tensor weight) in weights)
        {
            if (!others.TryGetValue(name, out Tensor? target) || !target.shape.SequenceEqual(weight.shape))
                throw new GenQException($"'{other}' has no '{name}' of the shape [{string.Join(", ", weight.shape)}]: weights are averaged between models of one shape alone.");
            weight.TimesInPlace(1 - share).PlusInPlace(target, share);
        }
    }
}
