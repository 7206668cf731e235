using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Makes <see cref="FusedLayers"/> one operation of autograd, so that losses and pooling around it need not know of it.</summary>
internal sealed class FusedLayersFunction : autograd.SingleTensorFunction<FusedLayersFunction>
{
    private const string Saved = "saved";

    /// <inheritdoc/>
    public override string Name => nameof(FusedLayersFunction);

    /// <summary>Computes the states of <paramref name="x"/>, (rows, width), with gradients.</summary>
    public static Tensor Apply(FusedLayers layers, FusedPass pass, Tensor x, Tensor? bias)
        => apply([layers, pass, x, .. bias is null ? (object[])[] : [bias], .. layers.Layers.SelectMany(layer => layer.Parameters)]);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        FusedLayers layers = (FusedLayers)vars[0];
        FusedPass pass = (FusedPass)vars[1];
        Tensor x = (Tensor)vars[2];
        bool hasBias = vars.Length > 3 + layers.Layers.Count * layers.Layers[0].Parameters.Length;
        Tensor? bias = hasBias ? (Tensor)vars[3] : null;
        List<FusedLayerActivations> saved = [];
        Tensor states = layers.Forward(x, bias, pass, saved);
        ctx.save_data(Saved, new FusedLayersGradient(layers, pass, saved, bias?.shape));
        return states;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using FusedLayersGradient gradient = (FusedLayersGradient)ctx.get_data(Saved);
        (Tensor x, Tensor? bias, IEnumerable<Tensor> parameters) = gradient.Of(grad_output);

        // Layers and pass have none.
        return [null!, null!, x, .. bias is null ? (Tensor[])[] : [bias], .. parameters];
    }
}
