using GenQ.Text;

namespace GenQ.Models;

/// <summary>The configuration of an encoder, of any family.</summary>
internal interface IEncoderConfig
{
    /// <summary>What the layers need of it.</summary>
    EncoderShape Shape { get; }

    /// <summary>What its sizes say of the weights.</summary>
    IReadOnlyList<SizedTensor> Tensors { get; }

    /// <summary>Builds the network with random weights, drawn from torch's generator.</summary>
    EncoderNetwork Build();
}
