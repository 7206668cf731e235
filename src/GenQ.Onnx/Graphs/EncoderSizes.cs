using GenQ.Data;

namespace GenQ.Onnx;

/// <summary>The sizes of an encoder's layers, whatever its family's config.json calls them.</summary>
/// <param name="Hidden">Width of the residual stream.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Attention heads.</param>
/// <param name="Inner">Width inside the feed-forward half.</param>
/// <param name="Epsilon">Added to the variance in the norms.</param>
/// <param name="Activation">The activation inside the feed-forward half.</param>
internal sealed record EncoderSizes(int Hidden, int Layers, int Heads, int Inner, double Epsilon, string Activation)
{
    /// <summary>Columns of a head.</summary>
    public int HeadWidth => Hidden / Heads;

    /// <summary>Refuses what no network is built for.</summary>
    /// <exception cref="GenQException">The activation is not GELU, or the heads do not share out the width.</exception>
    public void Validate()
    {
        if (Activation != "gelu") throw new GenQException($"config.json has the activation '{Activation}'; encoders are built with 'gelu' only.");
        if (Heads < 1 || Hidden % Heads != 0)
            throw new GenQException($"config.json has {Heads} attention heads, expected a divisor of the hidden size {Hidden}. Get the file anew.");
    }
}
