using System.Reflection;

namespace GenQ.Tests;

public sealed class ArchitectureTests
{
    // A project may only import from layers below its own; siblings do not know each other.
    private static readonly string[][] Layers =
    [
        ["GenQ.Data", "GenQ.Compute"],
        ["GenQ.Documents", "GenQ.Models", "GenQ.Retrieval"],
        ["GenQ"],
        ["GenQ.Cli"],
    ];

    public static TheoryData<string> Projects => [.. Layers.SelectMany(layer => layer)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_imports_only_from_lower_layers(string project)
    {
        int layer = Array.FindIndex(Layers, l => l.Contains(project));
        IEnumerable<string?> imports = Assembly.Load(project).GetReferencedAssemblies().Select(a => a.Name)
            .Where(name => name!.StartsWith("GenQ", StringComparison.OrdinalIgnoreCase));
        Assert.All(imports, name => Assert.Contains(name, Layers.Take(layer).SelectMany(l => l)));
    }

    [Fact]
    public void Tensors_stay_in_the_models_and_the_training()
    {
        string[] free = ["GenQ.Data", "GenQ.Compute", "GenQ.Documents", "GenQ.Retrieval"];
        Assert.All(free, project => Assert.DoesNotContain(Assembly.Load(project).GetReferencedAssemblies(), a => a.Name == "TorchSharp"));
    }
}
