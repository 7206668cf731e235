using GenQ.Data;
using GenQ.Text;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Moves weights between a model folder and a network, by the names of the network's state dict.</summary>
internal static class Checkpoint
{
    /// <summary>
    /// Copies the weights of a folder into a network's parameters, converting them to the types these have. <see cref="NetworkWeights"/> says
    /// which names a checkpoint may give them.
    /// </summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="folder">A folder with <c>model.safetensors</c> or <c>pytorch_model.bin</c>, whole or sharded.</param>
    /// <param name="otherNames">Further names that files give to some of the network's tensors, and the network's own.</param>
    /// <exception cref="GenQException">A file or a tensor is missing, broken, or has another shape or type than the network expects.</exception>
    internal static void Load(nn.Module network, string folder, IReadOnlyDictionary<string, string>? otherNames = null)
    {
        Dictionary<string, Tensor> targets = network.state_dict();
        Dictionary<string, long[]> shapes = targets.ToDictionary(pair => pair.Key, pair => pair.Value.shape);
        using var noGrad = no_grad();
        NetworkWeights.Read(
            folder,
            network.GetType().Name,
            shapes,
            (name, stored) =>
            {
                using Tensor values = TensorFile.Read(stored);
                targets[name].copy_(values);
            },
            otherNames);
    }

    /// <summary>Writes a network's state dict to <c>model.safetensors</c> in a folder.</summary>
    /// <param name="network">The network, on any device.</param>
    /// <param name="folder">The folder, created when missing.</param>
    /// <param name="dtype">
    /// The type for the floating-point tensors, for example half precision for shipping; their own when left out.
    /// </param>
    /// <exception cref="GenQException">The file cannot be written, or a weight is too large for <paramref name="dtype"/>.</exception>
    internal static void Save(nn.Module network, string folder, ScalarType? dtype = null)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Dictionary<string, Tensor> weights = network.state_dict();
        if (dtype is { } type)
        {
            foreach ((string name, Tensor weight) in weights.Where(pair => pair.Value.is_floating_point()).ToList())
            {
                weights[name] = weight.to(type);
                if (weight.isfinite().all().item<bool>() && !weights[name].isfinite().all().item<bool>())
                    throw new GenQException($"'{name}' has numbers too large for {type}. Save the model in float32.");
            }
        }

        TensorFile.Write(Path.Combine(folder, WeightFiles.SafeTensorsFile), weights);
    }
}
