using System.Runtime.InteropServices;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>Finds the XML documentation that comes with every .NET SDK, in its reference packs.</summary>
public static class ReferencePacks
{
    /// <summary>What an input begins with that names assemblies of the reference packs: "dotnet:System.Text.Json".</summary>
    public const string Prefix = "dotnet:";

    /// <summary>Tells whether an input names assemblies of the reference packs.</summary>
    public static bool Names(string input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Replaces an input such as "dotnet:System.Net.*" by the files it names; any other input is its own answer.</summary>
    /// <exception cref="GenQException">There is no reference pack here, or it has no such documentation.</exception>
    public static IReadOnlyList<string> Expand(string input)
    {
        if (!Names(input)) return [input];

        // <root>/shared/Microsoft.NETCore.App/<version>/ is where this process's runtime lies.
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        string packs = Path.Combine(root, "packs", "Microsoft.NETCore.App.Ref");
        string? newest = Directory.Exists(packs)
            ? Directory.GetDirectories(packs).OrderByDescending(folder => Version.TryParse(Path.GetFileName(folder), out Version? v) ? v : new Version()).FirstOrDefault()
            : null;
        if (newest is null) throw new GenQException($"'{input}': there is no reference pack in '{packs}'. Install the .NET SDK, or name files.");
        string pattern = input[Prefix.Length..] + ".xml";
        string[] files = [.. Directory.GetFiles(newest, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new GenQException($"'{input}': '{newest}' has no '{pattern}'. Try a wider pattern, such as dotnet:System.*");
    }
}
