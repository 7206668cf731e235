using System.CommandLine;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Generation;
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
        Option<int?> count = new Option<int?>("--count") { Description = "Texts to write for --text. [default: one of each kind that the T5 knows, or 3]" }.AtLeast(1);
        Option<string?> kinds = new("--kinds") { Description = "Texts of each kind for --text, as question=2,keywords=1. [default: the T5's own]" };
        Option<string?> judge = new("--judge") { Description = "Leaves poor queries for --text empty: a judge of a T5's candidates, a folder or a name; writer; or off. [default: genq-mini-judge where genq-mini-t5 writes]" };
        SettingFlags<DecodingOptions> settings = new("count", "batch-size");
        WriterOptions writing = new();
        Command command = new("generate", """
            Writes the queries of a run; with --text, of one text. Any T5 works as text-to-text.

            Examples:
              genq generate runs/manuals
              genq generate --text "Python is an interpreted, general-purpose programming language."
              genq generate --writer ollama:qwen3:8b --text "Python is an interpreted, general-purpose programming language."
              genq generate --model google-t5/t5-base --count 1 --method greedy --text "translate English to German: The house is small."
            """)
        {
            run, text, model, count, kinds, judge, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Seed, CommonOptions.Threads, CommonOptions.Json,
        };
        settings.AddTo(command);
        writing.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(run) is null) == (result.GetValue(text) is null)) result.AddError("Give either a run folder, or --text.");
            if (result.GetValue(run) is null) return;
            CommonOptions.RefuseForRun(
                result, [model, count, kinds, judge, CommonOptions.Precision, CommonOptions.Int8, CommonOptions.Seed, CommonOptions.Json, .. settings.All, .. writing.All]);
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            if (parsed.GetValue(run) is { } folder)
            {
                GenQSettings begun = new RunLedger(new RunFolder(folder).Settings).Settings;
                using ChatQueryWriter? client = Writers.Of(begun.Chat, begun.Query, new RunFolder(folder), parsed.GetValue(WriterOptions.Yes));
                using Terminal terminal = new();
                await new GenQPipeline(folder, progress: terminal.Stages()) { Writer = client }.GenerateQueriesAsync(cancellation);
                return 0;
            }

            QuerySettings query = new() { Kinds = parsed.GetValue(kinds), Judge = parsed.GetValue(judge) };
            if (Writers.Of(writing.Read(parsed), query, run: null, parsed.GetValue(WriterOptions.Yes)) is { } chat)
            {
                using (chat) Print(await chat.WriteAsync(parsed.GetValue(text)!, parsed.GetValue(count), cancellation), parsed.GetValue(CommonOptions.Json));
                return 0;
            }

            // Who asks for the queries of a text wants to see some, the best there are: thresholds are for training.
            string name = parsed.GetValue(model)!;
            string? shares = parsed.GetValue(kinds);
            DecodingOptions own = DecodingOptions.Of(ModelFolder.Resolve(name));
            int known = QueryTask.Of(name, shares).Sum(kind => shares is null ? 1 : kind.Count);
            using T5QueryWriter writer = new(
                name,
                settings.Read(parsed, own with { LogprobThreshold = null }) with { Count = parsed.GetValue(count) ?? (known > 0 ? known : new DecodingOptions().Count), Seed = parsed.GetValue(CommonOptions.Seed) },
                parsed.GetValue(CommonOptions.Precision),
                parsed.GetValue(CommonOptions.Int8),
                shares,
                query.JudgeOf(name),
                judgeThreshold: 0);
            Print(writer.Write(parsed.GetValue(text)!, cancellation), parsed.GetValue(CommonOptions.Json));
            return 0;
        });
        return command;
    }

    private static void Print(IReadOnlyList<WrittenQuery> written, bool isJson)
    {
        if (!isJson)
        {
            foreach (WrittenQuery query in written) Console.WriteLine(PlainLine.Of(query.Text));
            return;
        }

        JsonArray texts = [.. written.Select(query =>
        {
            JsonObject json = new() { ["text"] = query.Text, ["log_probability"] = query.LogProbability };
            if (query.Task is { } task) json["task"] = task;
            return json;
        })];
        Console.WriteLine(new JsonObject { ["texts"] = texts }.ToJsonString());
    }
}
