using System.CommandLine;
using System.Text.RegularExpressions;

namespace GenQ.Tests;

public sealed partial class DocumentationTests
{
    public static TheoryData<string, string> Commands => [.. new[] { Path.Combine(Shared.Root, "README.md"), Path.Combine(Shared.Root, "models", "README.md") }
        .Concat(Directory.GetFiles(Path.Combine(Shared.Root, "docs"), "*.md", SearchOption.AllDirectories))
        .Where(File.Exists)
        .SelectMany(file => Command().Matches(File.ReadAllText(file)).Select(match => new TheoryDataRow<string, string>(Path.GetRelativePath(Shared.Root, file), match.Groups[1].Value)))];

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

    // A line of a shell block that starts with ./genq, and the lines that go on with it.
    [GeneratedRegex(@"^\./genq ((?:[^\n]*\\\n)*[^\n]*)$", RegexOptions.Multiline)]
    private static partial Regex Command();
}
