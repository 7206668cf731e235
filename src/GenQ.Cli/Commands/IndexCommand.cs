using System.CommandLine;
using System.Globalization;
using GenQ.Data;
using GenQ.Extensions;
using Microsoft.Extensions.VectorData;

namespace GenQ.Cli.Commands;

/// <summary><c>genq index</c>: the index of a run, in its folder and, where one is named, in a vector store.</summary>
internal static class IndexCommand
{
    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The run folder." };
        Option<string?> to = new("--to") { Description = $"Load the passages and their vectors into a vector store too: {Stores.Known}.", HelpName = "address" };
        Option<string?> collection = new("--collection") { Description = "The collection or table there; the name of the run folder by default.", HelpName = "name" };
        Command command = new("index", """
            Encodes the passages with the adapted model.

            Examples:
              genq index runs/manuals
              PGPASSWORD=… genq index runs/manuals --to postgres://me@localhost/search
            """)
        {
            run, to, collection, CommonOptions.Threads,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(collection) is not null && result.GetValue(to) is null) result.AddError("--collection names a place in a vector store: give the store with --to.");
            if (result.GetValue(to) is { } address && Stores.Problem(address) is { } problem) result.AddError($"--to {problem}");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            CommonOptions.ApplyThreads(parsed);
            RunFolder folder = new(parsed.GetValue(run)!);
            string name = parsed.GetValue(collection) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Path)));
            using VectorStore? store = parsed.GetValue(to) is { } address ? Stores.Open(address) : null;

            // A store that does not answer is told before hours are spent on vectors for it.
            if (store is not null) await Stores.RequireAsync(store, name, cancellation);
            using Terminal terminal = new();
            await new GenQPipeline(folder.Path, progress: terminal.Stages()).IndexPassagesAsync(cancellation);
            if (store is null) return 0;
            int passages = PassageFile.Read(folder.Passages).Count();
            await VectorStoreExport.UpsertAsync(folder, store, name, null, terminal.Progress<int>("storing", done => (done, passages, "", false)), cancellation);
            Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{passages:N0} passages are in the collection '{name}'"));
            return 0;
        });
        return command;
    }
}
