using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>Registers modules under the names of a checkpoint, however deep these lie.</summary>
internal static class ModulePaths
{
    /// <summary>Registers a module, and what is between it and the root.</summary>
    /// <param name="root">What the path begins at.</param>
    /// <param name="path">Names with dots between them, such as <c>attention.self.query</c>.</param>
    /// <param name="module">The module.</param>
    /// <returns>The module.</returns>
    public static T Place<T>(this nn.Module root, string path, T module)
        where T : nn.Module
    {
        string[] names = path.Split('.');
        nn.Module parent = root;
        foreach (string name in names[..^1])
        {
            nn.Module? child = parent.named_children().FirstOrDefault(child => child.name == name).module;
            if (child is null) parent.register_module(name, child = new Level(name));
            parent = child;
        }

        parent.register_module(names[^1], module);
        return module;
    }

    private sealed class Level(string name) : nn.Module(name);
}
