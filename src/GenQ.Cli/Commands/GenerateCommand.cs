using System.CommandLine;
using System.Text.Json.Nodes;
using GenQ.Models;
using GenQ.Text;

namespace GenQ.Cli.Commands;

/// <summary><c>genq generate</c>: the queries of a run, or of one text.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        Argument<string?> run = new("RUN") { Description = "The run folder.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> text = new("--text") { Description = "Write for this text and print." };
        Option<string> model = new("--model") { Description = "The T5 for --text: a folder or a name on the hub.", DefaultValueFactory = _ => Preset.Mini.Generator };
        Option<int> count = new Option<int>("--count") { Description = "Texts to write for --text.", DefaultValueFactory = _ => 3 }.AtLeast(1);
        SettingFlags<DecodingOptions> settings = new("count", "batch-size");
        Command command = new("generate", """
            Writes the queries of a run; with --text, of one text. Any T5 works as text-to-text.

            Examples:
              genq generate runs/manuals
              genq generate --text "Python is an interpreted, general-purpose programming language."
              genq generate --model google-t5/t5-base --count 1 --method greedy --text "translate English to German: The house is small."
            """)
        {
            run, text, model, count, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Seed, CommonOptions.Threads, CommonOptions.Json,
        };
        settings.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(run) is null) == (result.GetValue(text) is null)) result.AddError("Give either a run folder, or --text.");
            if (result.GetValue(run) is null) return;
            CommonOptions.RefuseForRun(
                result, [model, count, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Seed, CommonOptions.Json, .. settings.All]);
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            if (parsed.GetValue(run) is { } folder)
            {
                using Terminal terminal = new();
                await new GenQPipeline(folder, progress: terminal.Stages()).GenerateQueriesAsync(cancellation);
                return 0;
            }

            string name = parsed.GetValue(model)!;
            DecodingOptions options = settings.Read(parsed, DecodingOptions.Of(ModelFolder.Resolve(name))) with
            {
                Count = parsed.GetValue(count),
                Seed = parsed.GetValue(CommonOptions.Seed),
            };
            options.Validate();
            using T5Generator generator = T5Generator.Load(name, parsed.GetValue(CommonOptions.Precision), int8Weights: parsed.GetValue(CommonOptions.Int8));
            string read = parsed.GetValue(text)!;
            GeneratedText[] written = generator.Generate([(read, read)], options, cancellation)[0];
            if (parsed.GetValue(CommonOptions.Json))
            {
                JsonArray texts = [.. written.Select(w => new JsonObject { ["text"] = w.Text, ["log_probability"] = w.LogProbability })];
                Console.WriteLine(new JsonObject { ["texts"] = texts }.ToJsonString());
            }
            else
            {
                foreach (GeneratedText w in written) Console.WriteLine(w.Text);
            }

            return 0;
        });
        return command;
    }
}
