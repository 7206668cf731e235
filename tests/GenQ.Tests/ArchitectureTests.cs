using System.Reflection;
using System.Text.RegularExpressions;
using GenQ.Models;
using TorchSharp;

namespace GenQ.Tests;

public sealed partial class ArchitectureTests
{
    // A project may only import from layers below its own; siblings do not know each other.
    private static readonly string[][] Layers =
    [
        ["GenQ.Data", "GenQ.Compute", "GenQ.Postgres", "GenQ.Qdrant"],
        ["GenQ.Text", "GenQ.PdfWorker"],
        ["GenQ.Documents", "GenQ.Models", "GenQ.Retrieval", "GenQ.Onnx", "GenQ.ChatClients"],
        ["GenQ.Training", "GenQ.Extensions"],
        ["GenQ", "GenQ.Bench", "GenQ.Mcp"],
        ["GenQ.Web"],
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

    // Scalars without an owner are freed while libtorch reads them: see TensorArithmetic.
    [Theory]
    [InlineData("GenQ.Models")]
    [InlineData("GenQ.Training")]
    [InlineData("GenQ")]
    public void Numbers_reach_tensors_through_TensorArithmetic_alone(string project)
    {
        const BindingFlags own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        IEnumerable<string> culprits =
            from type in Assembly.Load(project).GetTypes()
            where type != typeof(TensorArithmetic)
            from method in type.GetMethods(own).Cast<MethodBase>().Concat(type.GetConstructors(own))
            from called in Calls(method)
            where MakesScalar(called)
            select $"{type.FullName}.{method.Name} calls {called.Name}";
        Assert.Empty(culprits.Distinct());
    }

    private static bool MakesScalar(MethodBase method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        bool isOfTensors = method.DeclaringType == typeof(torch.Tensor) || method.DeclaringType == typeof(torch);
        return method.DeclaringType == typeof(Scalar)
            || (isOfTensors && parameters.Any(parameter => parameter.ParameterType == typeof(Scalar)))
            || (isOfTensors && method.Name is "op_Addition" or "op_Subtraction" or "add" or "add_" or "sub" or "sub_" or "arange" or "full")
            || (isOfTensors && method.Name.StartsWith("op_", StringComparison.Ordinal) && parameters.Any(parameter => parameter.ParameterType.IsPrimitive));
    }

    // Looks for call and callvirt with the token of a method behind; bytes that only look so name no method, or one that does not matter.
    private static IEnumerable<MethodBase> Calls(MethodBase method)
    {
        const byte call = 0x28, callvirt = 0x6F;
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int i = 0; i + 5 <= code.Length; i++)
        {
            if (code[i] is not (call or callvirt) || code[i + 4] is not (0x0A or 0x06 or 0x2B)) continue;
            MethodBase? called = null;
            try
            {
                called = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, i + 1), method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : []);
            }
            catch (Exception e) when (e is ArgumentException or BadImageFormatException)
            {
                // These bytes are no call.
            }

            if (called is not null) yield return called;
        }
    }

    [Fact]
    public void Only_models_training_and_their_benches_see_torch()
    {
        string[] seeing = [.. Layers.SelectMany(layer => layer).Where(project => Assembly.Load(project).GetReferencedAssemblies().Any(a => a.Name == "TorchSharp"))];
        Assert.Equal(["GenQ.Models", "GenQ.Training", "GenQ.Bench"], seeing);
    }

    [Fact]
    public void Only_the_project_for_it_sees_ONNX_Runtime()
    {
        string[] seeing = [.. Layers.SelectMany(layer => layer).Where(project => Assembly.Load(project).GetReferencedAssemblies().Any(a => a.Name == "Microsoft.ML.OnnxRuntime"))];
        Assert.Equal(["GenQ.Onnx"], seeing);
    }

    // What mends an error is data, which each interface says in its own words.
    [Fact]
    public void Libraries_name_no_verb_and_no_flag_of_the_command_line()
    {
        string sources = Path.Combine(Shared.Root, "src");
        IEnumerable<string> files = Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.StartsWith(Path.Combine(sources, "GenQ.Cli"), StringComparison.Ordinal));
        IEnumerable<string> culprits = files.SelectMany(file => Spoken().Matches(File.ReadAllText(file)).Select(match => $"{Path.GetRelativePath(sources, file)}: {match.Value}"));
        Assert.Empty(culprits);
    }

    [GeneratedRegex("""
        "[^"\n]*(?:\bgenq (?:run|passages|generate|filter|train|index|evaluate|search|distill|embed|export)\b|(?<![-\w])--[a-z][a-z-]+)[^"\n]*"
        """)]
    private static partial Regex Spoken();
}
