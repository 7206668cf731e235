using System.CommandLine;
using GenQ.Text;

namespace GenQ.Cli.Commands;

/// <summary><c>genq download</c>: a model from the hub into the cache.</summary>
internal static class DownloadCommand
{
    /// <summary>Creates the command.</summary>
    /// <param name="options">Address, cache and token of the hub; those of the environment when left out.</param>
    public static Command Create(HubOptions? options = null)
    {
        Argument<string> name = new("NAME") { Description = "The model's name on the hub, such as microsoft/mpnet-base." };
        Option<string> revision = new("--revision") { Description = "A branch, tag or commit.", DefaultValueFactory = _ => "main" };
        Command command = new("download", "Downloads a model into the cache, on from where an earlier download stopped; prints its folder.")
        {
            name, revision,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            using HubClient hub = new(options);
            using Terminal terminal = new();
            string folder = await hub.DownloadAsync(
                parsed.GetValue(name)!,
                parsed.GetValue(revision)!,
                terminal.Progress<DownloadProgress>("downloading", p => (p.Bytes, p.TotalBytes, p.File, false)),
                cancellation);
            terminal.Dispose();
            Console.Out.WriteLine(folder);
            return 0;
        });
        return command;
    }
}
