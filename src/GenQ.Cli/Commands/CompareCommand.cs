using System.CommandLine;
using System.Globalization;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Reporting;
using GenQ.Retrieval;
using Spectre.Console;

namespace GenQ.Cli.Commands;

/// <summary><c>genq compare</c>: what the writers of several runs were worth, on the same queries.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        Argument<string[]> runs = new("RUN") { Description = "Run folders, two or more, that began with the same base.", Arity = ArgumentArity.OneOrMore };
        Option<string?> labelled = new("--labelled") { Description = "A BEIR folder with labelled queries to measure on, in place of the runs' own." };
        Option<string?> html = new("--html") { Description = "Write the comparison as a page too.", HelpName = "file" };
        Command command = new("compare", """
            Measures runs on the same queries, so that their writers can be told apart. Shows the settings in which the runs differ, and
            the queries for which one finds the right passage and another does not.

            Without labelled queries, on those that each writer wrote for the passages that all of the runs have set aside. A writer's own
            queries flatter its run: look at those of the others.

            Examples:
              genq compare runs/t5 runs/written
              genq compare runs/t5 runs/written --labelled questions/ --html comparison.html
            """)
        {
            runs, labelled, html, CommonOptions.Threads, CommonOptions.Json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(runs) is { Length: < 2 }) result.AddError("Give two runs or more.");
        });
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                CommonOptions.ApplyThreads(parsed);
                RunsComparison comparison;
                using (Terminal terminal = new())
                    comparison = RunsComparison.Measure(parsed.GetValue(runs)!, parsed.GetValue(labelled), terminal.Stages(), cancellation);
                if (parsed.GetValue(html) is { } page) RunsPage.Write(page, comparison);
                if (parsed.GetValue(CommonOptions.Json)) Console.WriteLine(comparison.ToJson().ToJsonString());
                else Print(comparison);
                return 0;
            },
            cancellation));
        return command;
    }

    private static void Print(RunsComparison comparison)
    {
        Table table = new Table().AddColumn("run").AddColumn("writer").AddColumn("passages").AddColumn("queries").AddColumn("tokens").Border(TableBorder.Simple);
        foreach (ComparedRun run in comparison.Runs)
        {
            long tokens = run.Usage.TokensIn + run.Usage.TokensOut;
            table.AddRow([.. ((string[])[run.Name, run.Writer, Whole(run.Passages), Whole(run.Pairs), tokens == 0 ? "" : Whole(tokens)]).Select(text => Markup.Escape(PlainLine.Of(text)))]);
        }

        Write(table);
        foreach (ModelComparison set in comparison.Sets)
        {
            ComparisonTable.Print(set, [.. comparison.Runs.SelectMany(run => ((string, string)[])[(run.Name, "base"), (ModelComparison.Hybrid(run.Name), ModelComparison.Hybrid("base"))])]);
            foreach ((string run, BootstrapInterval alone, BootstrapInterval hybrid) in comparison.Gains(set))
                Terminal.Print($"nDCG@10, {run} - base: {alone}; with BM25 {hybrid}");
            foreach (ChangedQueries changed in comparison.Changed.Where(changed => changed.Set == set.Task)) Print(changed);
        }

        if (comparison.Settings.Count == 0) return;
        Table settings = new Table().AddColumn("setting").AddColumns([.. comparison.Runs.Select(run => Markup.Escape(PlainLine.Of(run.Name)))]).Border(TableBorder.Simple);
        foreach (DifferingSetting setting in comparison.Settings) settings.AddRow([.. setting.Values.Prepend(setting.Name).Select(text => Markup.Escape(PlainLine.Of(text)))]);
        Write(settings);
    }

    private static void Print(ChangedQueries changed)
    {
        Terminal.Print($"{Whole(changed.Count)} queries find their passage in the first ten of {changed.Finds} and not of {changed.Misses}, with BM25");
        foreach ((string text, int rank, int? missedRank) in changed.Examples)
            Terminal.Print($"rank {rank}, not {missedRank?.ToString(CultureInfo.InvariantCulture) ?? "in 100"}: {text}", 2);
    }

    private static void Write(Table table) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table);

    private static string Whole(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
