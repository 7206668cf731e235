using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GenQ.Tests.Weights;

/// <summary>A network that is nothing but parameters of given names and shapes, nested at the dots as in a checkpoint.</summary>
internal sealed class NamedTensors : nn.Module
{
    private readonly Dictionary<string, NamedTensors> _children = [];

    public NamedTensors(params IEnumerable<(string Name, long[] Shape)> tensors)
        : base(nameof(NamedTensors))
    {
        foreach ((string name, long[] shape) in tensors) Add(name.Split('.'), shape);
    }

    private void Add(ReadOnlySpan<string> path, long[] shape)
    {
        if (path.Length == 1)
        {
            register_parameter(path[0], new Parameter(full(shape, float.NaN)));
            return;
        }

        if (!_children.TryGetValue(path[0], out NamedTensors? child))
            register_module(path[0], _children[path[0]] = child = new NamedTensors());
        child.Add(path[1..], shape);
    }
}
