using System.Text.Json.Nodes;
using System.Xml.Linq;

namespace GenQ.Tests;

/// <summary>The licences of what GenQ brings, from the lock files and the packages themselves.</summary>
public sealed class LicencesTests
{
    // A program that uses GenQ can be sold, changed and kept closed under each of these.
    private static readonly HashSet<string> Allowed = ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "PostgreSQL", "MPL-1.1"];

    // Their packages hold the text of the licence in place of its name.
    private static readonly Dictionary<string, string> InTheirText = new()
    {
        ["microsoft.ml.onnxruntime"] = "MIT",
        ["microsoft.ml.onnxruntime.managed"] = "MIT",
        ["ollamasharp"] = "MIT",
    };

    [Fact]
    public void Every_package_has_a_licence_that_suits_and_is_listed()
    {
        string[] rows = [.. Packages().Select(package => $"| {package.Name} | {package.Version} | {Licence(package.Name, package.Version)} | {string.Join(", ", package.Projects)} |")];
        Assert.EndsWith(string.Join('\n', rows) + "\n", File.ReadAllText(Path.Combine(Shared.Root, "docs", "licences.md")), StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, string Version, string[] Projects)> Packages() => Directory
        .EnumerateFiles(Path.Combine(Shared.Root, "src"), "packages.lock.json", SearchOption.AllDirectories)
        .SelectMany(file => JsonNode.Parse(File.ReadAllText(file))!["dependencies"]!.AsObject()
            .SelectMany(framework => framework.Value!.AsObject())
            .Where(package => package.Value!["type"]!.GetValue<string>() != "Project")
            .Select(package => (Name: package.Key, Version: package.Value!["resolved"]!.GetValue<string>(), Project: Path.GetFileName(Path.GetDirectoryName(file)!))))
        .GroupBy(package => (package.Name, package.Version), package => package.Project)
        .OrderBy(package => package.Key.Name, StringComparer.OrdinalIgnoreCase)
        .ThenBy(package => package.Key.Version, StringComparer.Ordinal)
        .Select(package => (package.Key.Name, package.Key.Version, package.Distinct().Order(StringComparer.Ordinal).ToArray()));

    private static string Licence(string name, string version)
    {
        string home = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string id = name.ToLowerInvariant(), file = Path.Combine(home, id, version, $"{id}.nuspec");
        XElement? declared = XDocument.Load(file).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        string licence = declared?.Attribute("type")?.Value == "expression" ? declared.Value : InTheirText.GetValueOrDefault(id, "unknown");
        Assert.True(Allowed.Contains(licence), $"{name} {version} is under '{licence}'.");
        return licence;
    }
}
