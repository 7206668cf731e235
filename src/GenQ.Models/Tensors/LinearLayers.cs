using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>The layers whose matrix multiplications are most of a network's work.</summary>
internal static class LinearLayers
{
    /// <summary>Converts the weights of the linear layers, and so the matrix multiplications, to <paramref name="type"/>.</summary>
    public static void ConvertLinearLayers(this nn.Module network, ScalarType type)
    {
        foreach (nn.Module module in network.modules())
        {
            if (module is Linear linear) linear.to(type);
        }
    }
}
