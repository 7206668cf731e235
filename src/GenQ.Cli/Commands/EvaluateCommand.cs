using System.CommandLine;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Models;
using GenQ.Retrieval;

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
                else RunCommand.PrintVerdict(report);
                return 0;
            }

            string[] names = parsed.GetValue(models) ?? [];
            Precision precision = parsed.GetValue(CommonOptions.Precision);
            BiEncoderOptions options = new() { Precision = precision, Int8Weights = parsed.GetValue(CommonOptions.Int8) };
            ModelComparison comparison = ModelComparison.Run(
                BeirFolder.Read(parsed.GetValue(beir)!, parsed.GetValue(split)!),
                [.. names.Select(name => new ComparedModel(name, () => BiEncoder.Load(name, options)))],
                [("bm25", Analyzer.EnglishNGrams), ("bm25-english", Analyzer.English), ("bm25-plain", Analyzer.Plain)],
                asked: [],
                progress: terminal.Stages(),
                cancellation: cancellation);
            (string Row, string With)[] pairs = [.. names.Skip(1).SelectMany(
                name => ((string, string)[])[(name, names[0]), (ModelComparison.Hybrid(name), ModelComparison.Hybrid(names[0]))])];
            (string, BootstrapInterval)[] differences = [.. pairs.Select(pair => ($"{pair.Row} - {pair.With}", comparison.Difference(pair.With, pair.Row)))];
            terminal.Dispose();
            if (json)
            {
                string used = CpuFeatures.Current.Resolve(precision).ToString().ToLowerInvariant();
                Console.WriteLine(RunReport.ToJson(comparison, used, differences).ToJsonString());
                return 0;
            }

            ComparisonTable.Print(comparison, pairs);
            foreach ((string name, BootstrapInterval difference) in differences) Terminal.Print($"nDCG@10, {name}: {difference}");
            return 0;
        });
        return command;
    }
}
