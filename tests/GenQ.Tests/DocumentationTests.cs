using System.CommandLine;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GenQ.Tests;

public sealed partial class DocumentationTests
{
    public static TheoryData<string, string> Commands => InPages(Command());

    public static TheoryData<string, string> Snippets => InPages(Snippet());

    public static TheoryData<string, string> Packages => InPages(Package());

    public static TheoryData<string, string> Excerpts => InPages(Excerpt());

    public static TheoryData<string, string> Links => InPages(Link());

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_in_the_documentation_is_understood(string file, string command)
    {
        Assert.NotEmpty(file);
        string line = command.Replace("\\\n", " ", StringComparison.Ordinal);
        int comment = line.IndexOf("  #", StringComparison.Ordinal);
        ParseResult parsed = GenQ.Cli.Program.Root().Parse(comment < 0 ? line : line[..comment]);
        Assert.Empty(parsed.Errors);
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Every_snippet_in_the_documentation_compiles(string file, string snippet)
    {
        const string implicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading.Tasks;";
        string assemblies = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        CSharpCompilation compilation = CSharpCompilation.Create(
            "snippet",
            [CSharpSyntaxTree.ParseText(implicitUsings), CSharpSyntaxTree.ParseText(snippet)],
            assemblies.Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Diagnostic[] problems = [.. compilation.GetDiagnostics().Where(problem => problem.Severity >= DiagnosticSeverity.Warning)];
        Assert.True(problems.Length == 0, $"{file}:\n{string.Join('\n', problems.Select(problem => problem.ToString()))}");
    }

    [Theory]
    [MemberData(nameof(Excerpts))]
    public void Every_excerpt_in_the_documentation_stands_in_the_file_it_names(string file, string excerpt)
    {
        string[] lines = Lines(excerpt);
        string[] source = Lines(File.ReadAllText(Path.Combine(Shared.Root, lines[0])));
        Assert.True(source.AsSpan().IndexOf(lines.AsSpan(1)) >= 0, $"{file}: {lines[0]} does not hold these lines any more:\n{excerpt}");

        static string[] Lines(string text) => [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_package_in_the_documentation_has_the_version_of_this_repository(string file, string package)
    {
        string[] named = package.Split(' ');
        string versions = File.ReadAllText(Path.Combine(Shared.Root, named[0].StartsWith("GenQ", StringComparison.Ordinal) ? "Directory.Build.props" : "Directory.Packages.props"));
        Assert.True(
            versions.Contains($"<Version>{named[1]}</Version>", StringComparison.Ordinal)
                || versions.Contains($"Include=\"{named[0]}\" Version=\"{named[1]}\"", StringComparison.Ordinal),
            $"{file} names {package}");
    }

    [Fact]
    public void The_table_of_settings_is_the_one_that_the_settings_declare()
        => Assert.EndsWith(GenQ.Cli.Commands.SettingsCommand.Table(), File.ReadAllText(Path.Combine(Shared.Root, "docs", "settings.md")), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Links))]
    public void Every_link_in_the_documentation_leads_to_a_file(string file, string link)
    {
        string target = Path.Combine(Shared.Root, Path.GetDirectoryName(file)!, link.Split('#')[0]);
        Assert.True(link.StartsWith('#') || Path.Exists(target), $"{file} links to {link}");
    }

    [Fact]
    public void Every_message_that_troubleshooting_explains_is_one_that_a_source_says()
    {
        string sources = string.Join('\n', Directory.EnumerateFiles(Path.Combine(Shared.Root, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] messages = [.. ExplainedMessage().Matches(File.ReadAllText(Path.Combine(Shared.Root, "docs", "troubleshooting.md"))).Select(row => row.Groups[1].Value)
            .Where(message => message is not ("message" or "reason" or "---"))];
        Assert.True(messages.Length > 15);
        Assert.All(messages, message => Assert.Contains(message, sources, StringComparison.Ordinal));
    }

    private static TheoryData<string, string> InPages(Regex pattern)
    {
        IEnumerable<string> pages = Directory.GetFiles(Shared.Root, "*.md").Concat(
            ((string[])["docs", "models", "src"]).SelectMany(folder => Directory.GetFiles(Path.Combine(Shared.Root, folder), "*.md", SearchOption.AllDirectories)));
        return [.. pages.SelectMany(page => pattern.Matches(File.ReadAllText(page)).Select(
            match => new TheoryDataRow<string, string>(Path.GetRelativePath(Shared.Root, page), string.Join(' ', match.Groups.Values.Skip(1)))))];
    }

    // A line of a shell block that starts with genq, the clone's or the tool, and the lines that go on with it.
    [GeneratedRegex(@"^(?:\./)?genq ((?:[^\n]*\\\n)*[^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Command();

    // A package and its version, in a project or as a file.
    [GeneratedRegex("""([A-Z][\w.-]+?)(?:" Version="|\.)([0-9]+\.[0-9]+\.[0-9]+)(?:" />|\.nupkg)""")]
    private static partial Regex Package();

    // A block of C# that names the file it is from.
    [GeneratedRegex(@"^```csharp ((?:src|samples)/.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Excerpt();

    // A block of C# that stands alone.
    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();

    // The first cell of a table's row.
    [GeneratedRegex(@"^\| ?(.+?) ?\|", RegexOptions.Multiline)]
    private static partial Regex ExplainedMessage();

    // A link to another page or file of the repository.
    [GeneratedRegex(@"\]\((?!\w+:)([^)\s]+)\)")]
    private static partial Regex Link();
}
