using GenQ.Data;

namespace GenQ.Models;

/// <summary>The sizes of an encoder's layers, whatever its family's config.json calls them.</summary>
internal sealed record EncoderShape
{
    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Width inside the feed-forward half.</summary>
    public required int InnerSize { get; init; }

    /// <summary>Added to the variance in the norms.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Chance that an attention weight is dropped in training.</summary>
    public required double AttentionDropout { get; init; }

    /// <summary>Chance that an element of the output of the attention half is dropped in training.</summary>
    public required double AttentionOutputDropout { get; init; }

    /// <summary>Chance that an element of the output of the feed-forward half is dropped in training.</summary>
    public required double OutputDropout { get; init; }

    /// <summary>The activation inside the feed-forward half.</summary>
    public required string Activation { get; init; }

    /// <summary>Columns of a head.</summary>
    public int HeadWidth => HiddenSize / Heads;

    /// <summary>Refuses what the layers are not built for.</summary>
    /// <param name="where">What messages call the file that says so.</param>
    /// <exception cref="GenQException">
    /// The activation is not GELU, the only one that published encoders of these families use, or the heads do not share out the width: the weights
    /// have the same shapes whatever the number of heads is.
    /// </exception>
    public void Validate(string where = "config.json")
    {
        if (Activation != "gelu") throw new GenQException($"{where} has the activation '{Activation}'; encoders are built with 'gelu' only.");
        if (Heads < 1 || HiddenSize % Heads != 0)
        {
            throw new GenQException(
                $"{where} has {Heads} attention heads, expected a divisor of the hidden size {HiddenSize}. Get the file anew.");
        }
    }
}
