using System.CommandLine;
using System.Globalization;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Models;
using GenQ.Retrieval;
using Spectre.Console;

namespace GenQ.Cli.Commands;

/// <summary><c>genq evaluate</c>: models and BM25 side by side on a labelled set, or a run on its own queries.</summary>
internal static class EvaluateCommand
{
    public static Command Create()
    {
        Argument<string?> run = new("RUN") { Description = "A run folder, measured on its own queries.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> beir = new("--beir") { Description = "A BEIR folder: corpus.jsonl, queries.jsonl, qrels/test.tsv." };
        Option<string[]> models = new("--model") { Description = "Encoders: folders or names on the hub.", AllowMultipleArgumentsPerToken = true };
        Option<string> split = new("--split") { Description = "Which file of qrels/.", DefaultValueFactory = _ => "test" };
        Command command = new("evaluate", """
            Measures models and BM25 side by side.

            Examples:
              genq evaluate runs/manuals
              genq evaluate --beir scifact/ --model microsoft/mpnet-base runs/scifact/model --json
            """)
        {
            run, beir, models, split, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Threads, CommonOptions.Json,
        };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(run) is null) == (result.GetValue(beir) is null)) result.AddError("Give either a run folder, or --beir FOLDER with --model.");
            if (result.GetValue(run) is not null) CommonOptions.RefuseForRun(result, models, split, CommonOptions.Precision, CommonOptions.Int8);
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            bool json = parsed.GetValue(CommonOptions.Json);
            using Terminal terminal = new();
            if (parsed.GetValue(run) is { } folder)
            {
                RunReport report = await new GenQPipeline(folder, progress: terminal.Stages()) { Invocation = of => Invocation.Of(new RunFolder(folder), of) }.EvaluateAsync(cancellation);
                terminal.Dispose();
                if (json) Console.WriteLine(report.ToJson().ToJsonString());
                else PrintTable(report.Comparison);
                if (!json) Console.WriteLine(report.Verdict.Sentence);
                return 0;
            }

            string[] names = parsed.GetValue(models) ?? [];
            Precision precision = parsed.GetValue(CommonOptions.Precision);
            BiEncoderOptions options = new() { Precision = precision, Int8Weights = parsed.GetValue(CommonOptions.Int8) };
            ModelComparison comparison = ModelComparison.Run(
                BeirFolder.Read(parsed.GetValue(beir)!, parsed.GetValue(split)!),
                [.. names.Select(name => new ComparedModel(name, () => BiEncoder.Load(name, options)))],
                [("bm25", Analyzer.English), ("bm25-plain", Analyzer.Plain)],
                asked: [],
                terminal.Stages(),
                cancellation);
            (string, BootstrapInterval)[] differences = [.. names.Skip(1)
                .SelectMany(name => ((string, string)[])[(names[0], name), (ModelComparison.Hybrid(names[0]), ModelComparison.Hybrid(name))])
                .Select(pair => ($"{pair.Item2} - {pair.Item1}", comparison.Difference(pair.Item1, pair.Item2)))];
            terminal.Dispose();
            if (json)
            {
                string used = CpuFeatures.Current.Resolve(precision).ToString().ToLowerInvariant();
                Console.WriteLine(RunReport.ToJson(comparison, used, differences).ToJsonString());
                return 0;
            }

            PrintTable(comparison);
            foreach ((string name, BootstrapInterval difference) in differences) Console.WriteLine($"nDCG@10, {name}: {difference}");
            return 0;
        });
        return command;
    }

    /// <summary>Prints a comparison as a table.</summary>
    public static void PrintTable(ModelComparison comparison)
    {
        Table table = new() { Title = new TableTitle(Markup.Escape($"{comparison.Task}, {comparison.Results[0].Metrics.Queries.Count:N0} queries")) };
        table.AddColumn("model").AddColumn("nDCG@10").AddColumn("MRR@10").AddColumn("recall@10").AddColumn("recall@100").Border(TableBorder.Simple);
        foreach ((string model, RetrievalMetrics metrics) in comparison.Results)
        {
            table.AddRow(Markup.Escape(model), Figure(metrics.Ndcg10), Figure(metrics.Mrr10), Figure(metrics.Recall10), Figure(metrics.Recall100));
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }).Write(table);
    }

    private static string Figure(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
