using System.CommandLine;
using System.Globalization;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Retrieval;
using Spectre.Console;

namespace GenQ.Cli.Commands;

/// <summary><c>genq search</c>: asks a finished run.</summary>
internal static class SearchCommand
{
    private const int ShownCharacters = 400;

    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The run folder." };
        Argument<string[]> query = new("QUERY") { Description = "What you are looking for.", Arity = ArgumentArity.OneOrMore };
        Option<int> top = new Option<int>("--top") { Description = "The most results.", DefaultValueFactory = _ => 10 }.AtLeast(1);
        Option<SearchMode> by = new Option<SearchMode>("--by")
        {
            Description = "meaning, words (BM25) or both.",
            DefaultValueFactory = _ => SearchMode.Both,
        }.Names();
        Command command = new("search", """
            Searches the passages of a run.

            Example:
              genq search runs/manuals "how do I mount a disk" --top 3
            """)
        {
            run, query, top, by, CommonOptions.Precision, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            using RunSearcher searcher = Open(new RunFolder(parsed.GetValue(run)!), parsed.GetValue(CommonOptions.Precision));
            SearchAnswer answer = searcher.Search(string.Join(' ', parsed.GetValue(query)!), parsed.GetValue(top), parsed.GetValue(by));
            if (parsed.GetValue(CommonOptions.Json)) Console.WriteLine(answer.ToJson().ToJsonString());
            else Print(answer);
            return 0;
        });
        return command;
    }

    /// <summary>Opens a run to search it.</summary>
    public static RunSearcher Open(RunFolder run, Precision precision) => RunSearcher.Open(run, RunEncoder.Open(run, precision, quickStart: true));

    /// <summary>Prints results: score, title, source and page, and the passage's beginning.</summary>
    public static void Print(SearchAnswer answer)
    {
        if (answer.Hits.Count == 0) Console.WriteLine("Nothing was found.");
        Style bold = new(decoration: Decoration.Bold);
        foreach ((int i, SearchHit hit) in answer.Hits.Index())
        {
            string page = hit.Passage.Origin?.Page is { } p ? $", page {p}" : "";
            string score = hit.Score.ToString("0.0000", CultureInfo.InvariantCulture) + " ";
            Terminal.PrintHanging(($"{i + 1,2}.", bold), score, hit.Passage.Title ?? "", bold);
            Terminal.Print($"{hit.Passage.Origin?.Source ?? hit.Passage.Id}{page}", 4, new Style(decoration: Decoration.Dim));
            string text = PlainLine.Of(hit.Passage.Text);
            Terminal.Print(text.Length <= ShownCharacters ? text : UnicodeText.Cut(text, ShownCharacters) + " …", 4);
        }
    }
}
