using System.CommandLine;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Generation;
using GenQ.Retrieval;
using GenQ.Web;
using Spectre.Console;

namespace GenQ.Cli.Commands;

/// <summary><c>genq run</c>: documents in, an adapted search model and its verdict out.</summary>
internal static class RunCommand
{
    private const int WorseExitCode = 3;
    private const int ExampleSearches = 3;

    public static Command Create()
    {
        RunOptions options = new();
        Option<bool> dryRun = new("--dry-run") { Description = "Say what the run would take, by trying a little of it." };
        Option<bool> failIfWorse = new("--fail-if-worse") { Description = "End with exit code 3 where the adapted model is worse." };
        Option<bool> serve = new("--serve") { Description = "Serve the search page when it is done." };
        Command command = new("run", """
            Runs every stage whose output is missing, and says whether adaptation helped.

            Examples:
              genq run manuals/ -o runs/manuals --serve
              genq run 'docs/**/*.md' notes.pdf -o runs/mine --queries 5
              genq run manuals/ -o runs/written --writer ollama:qwen3:8b
            """);
        options.AddTo(command);
        command.Options.Add(dryRun);
        command.Options.Add(WriterOptions.Yes);
        command.Options.Add(failIfWorse);
        command.Options.Add(serve);
        command.Options.Add(CommonOptions.Json);
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            RunFolder run = new(options.Output(parsed));
            GenQSettings settings = options.Settings(parsed);
            RunReport report;
            using ChatQueryWriter? writer = Writers.Of(settings.Chat, settings.Query, run, parsed.GetValue(WriterOptions.Yes));
            using (Terminal terminal = new())
            {
                GenQPipeline pipeline = new(run.Path, settings, terminal.Stages()) { Writer = writer, Invocation = of => Invocation.Of(run, of) };
                if (parsed.GetValue(dryRun))
                {
                    RunPlan plan = await pipeline.PlanAsync(cancellation);
                    Terminal.Say(
                        $"{plan.Documents:N0} documents, {plan.Passages:N0} passages: would write {plan.Queries:N0} queries with {settings.Chat.Writer ?? settings.Generator} and train {settings.Base} in at most {plan.Steps:N0} steps{(plan.Stages.Count > 0 ? $", about {plan.ExpectedSteps:N0} with what the filter leaves" : "")}");
                    PrintEstimates(plan);
                    if (writer is not null)
                        Terminal.Say((await ChatEstimate.ProbeAsync(writer, settings, [.. PassageFile.Read(run.Passages)], cancellation)).InWords);
                    return 0;
                }

                report = await pipeline.RunAsync(cancellation);
            }

            if (parsed.GetValue(CommonOptions.Json)) Console.WriteLine(report.ToJson().ToJsonString());
            else PrintEnd(report, run, settings);
            if (parsed.GetValue(serve)) await ServeCommand.ServeAsync(new SearchServerOptions(run.Path), cancellation);
            return parsed.GetValue(failIfWorse) && report.Verdict.Word == Verdict.Worse ? WorseExitCode : 0;
        });
        return command;
    }

    /// <summary>Prints what a run has shown: the table, and the verdict in a sentence; once more for the queries that people have labelled.</summary>
    public static void PrintVerdict(RunReport report)
    {
        ComparisonTable.Print(report.Comparison, ("adapted", "base"), (RunReport.Hybrid, ModelComparison.Hybrid("base")));
        string sentence = report.Verdict.Sentence;
        Style style = new(report.Verdict.Word switch { Verdict.Better => Color.Green, Verdict.Worse => Color.Red, _ => Color.Yellow }, decoration: Decoration.Bold);
        Terminal.Print(sentence, style: style, styled: sentence.IndexOf(':', StringComparison.Ordinal));
        if (report.Kept is { BaseShare: > 0 } kept) Terminal.Print($"Kept of the training: {kept.InWords}.");
        if (report.Labelled is { } labelled) PrintVerdict(labelled);
    }

    private static void PrintEstimates(RunPlan plan)
    {
        if (plan.Stages.Count == 0) return;
        foreach (StageEstimate stage in plan.Stages) Terminal.Say($"{stage.Stage}: about {Duration(stage.Time)}, up to {stage.PeakMemory / 1e9:0.0} GB");
        Terminal.Say($"in all: about {Duration(TimeSpan.FromSeconds(plan.Stages.Sum(stage => stage.Time.TotalSeconds)))}, up to {plan.Stages.Max(stage => stage.PeakMemory) / 1e9:0.0} GB");

        static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min" : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{Math.Ceiling(time.TotalSeconds)} s";
    }

    private static void PrintEnd(RunReport report, RunFolder run, GenQSettings settings)
    {
        PrintVerdict(report);
        IEnumerable<string> queries = report.IsGenerated
            ? BeirFolder.Read(run.HeldOut, corpus: run.Passages).Queries.Select(query => query.Text)
            : PairFiles.Read(run.Pairs).Select(pair => pair.Query);
        string[] all = [.. queries.Where(query => query.Contains(' ', StringComparison.Ordinal))];
        using RunSearcher searcher = SearchCommand.Open(run, settings.Precision);
        for (int i = 0; i < Math.Min(ExampleSearches, all.Length); i++)
        {
            string query = all[i * (all.Length / ExampleSearches)];
            Console.WriteLine();
            Terminal.Print($"> {query}", style: new Style(Color.Blue));
            SearchCommand.Print(searcher.Search(query, top: 1));
        }

        string page = run.ReportPage, folder = run.Path.Contains(' ', StringComparison.Ordinal) ? $"\"{run.Path}\"" : run.Path;
        Console.WriteLine();
        if (File.Exists(page)) Terminal.Print($"The report: {page}");
        Terminal.Print("Search it yourself, here or in a page, or let an assistant:");
        Terminal.Print($"genq search {folder} \"your question\"", 2);
        Terminal.Print($"genq serve {folder}", 2);
        Terminal.Print($"genq mcp {folder}", 2);
    }
}
