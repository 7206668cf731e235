using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>A T5's weights as <see cref="T5EncoderEngine"/> and <see cref="T5DecoderEngine"/> multiply with them; several of these may share them.</summary>
internal sealed class T5EngineWeights : IDisposable
{
    /// <summary>Lays the weights out.</summary>
    /// <param name="model">Lends its weights, which must not change meanwhile.</param>
    /// <param name="int8">Whether they are rounded to 8 bits. The keys and values of the texts that are read are not computed with these.</param>
    public T5EngineWeights(T5Model model, bool int8)
    {
        using DisposeScope scope = NewDisposeScope();
        Encoder = [.. model.Encoder.Blocks.Select(block => new T5BlockWeights(block, int8))];
        Decoder = [.. model.Decoder.Blocks.Select(block => new T5BlockWeights(block, int8))];
        Head = new MatMulWeight(model.HeadWeight(), int8);
    }

    /// <summary>The encoder's blocks.</summary>
    public IReadOnlyList<T5BlockWeights> Encoder { get; }

    /// <summary>The decoder's blocks.</summary>
    public IReadOnlyList<T5BlockWeights> Decoder { get; }

    /// <summary>d_model → vocabulary.</summary>
    public MatMulWeight Head { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (T5BlockWeights block in Encoder.Concat(Decoder)) block.Dispose();
        Head.Dispose();
    }
}
