using GenQ.Cli;
using GenQ.Data;

namespace GenQ.Tests.Cli;

public sealed class InvocationTests
{
    public static TheoryData<GenQSettings, string> Runs => new()
    {
        { new GenQSettings { Corpus = CorpusSource.Documents("docs", "dotnet:System.Linq") }, "genq run docs dotnet:System.Linq -o run" },
        { new GenQSettings { Corpus = CorpusSource.Documents("it's here"), Seed = 7, IndexedQueries = 2 }, @"genq run 'it'\''s here' -o run --set indexed-queries=2 --seed 7" },
        { Preset.Published.Under(CorpusSource.Beir("scifact")), "genq run --beir scifact -o run --preset published" },
        { Preset.Mini.Under(CorpusSource.Squad("s.json"), JsonOf("stub:model")), "genq run --squad s.json -o run --writer stub:model" },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void The_command_names_the_documents_and_what_differs_from_a_preset(GenQSettings settings, string command)
    {
        Assert.Equal(command, Invocation.Of(new RunFolder("run"), settings));
        Assert.Empty(GenQ.Cli.Program.Root().Parse(command["genq ".Length..].Replace(@"'it'\''s here'", "here", StringComparison.Ordinal)).Errors);
    }

    private static System.Text.Json.Nodes.JsonObject JsonOf(string writer) => new() { ["chat"] = new System.Text.Json.Nodes.JsonObject { ["writer"] = writer } };
}
