using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using GenQ.Web;

namespace GenQ.Cli.Commands;

/// <summary><c>genq serve</c>: the search page over finished runs.</summary>
internal static class ServeCommand
{
    private const string KeyVariable = "GENQ_API_KEY";

    public static Command Create()
    {
        Argument<string[]> runs = new("RUN") { Description = "The run folders.", Arity = ArgumentArity.OneOrMore };
        Option<int> port = new Option<int>("--port") { Description = "The port; 0 takes any that is free.", DefaultValueFactory = _ => 5080 }
            .Within(value => value is >= 0 and <= 65535, "0 to 65535");
        Option<IPAddress> listen = new("--listen")
        {
            Description = "The address to listen at; 0.0.0.0 lets other machines ask, which needs a key. By default this machine alone.",
            HelpName = "address",
            DefaultValueFactory = _ => IPAddress.Loopback,
            CustomParser = ReadAddress,
        };
        Option<string?> key = new("--api-key") { Description = $"What who asks must know; {KeyVariable} in the environment, where it is not to be seen in a list of processes.", HelpName = "key" };
        Option<string?> documents = new("--documents") { Description = "Where the documents lie, if they have moved since the run.", HelpName = "folder" };
        Option<string?> site = new("--site") { Description = "A folder of web pages to serve below /site/, such as documentation whose search asks this server.", HelpName = "folder" };
        Command command = new("serve", """
            Serves a search page over finished runs, and an HTTP API.

            Examples:
              genq serve runs/manuals
              GENQ_API_KEY=… genq serve runs/manuals runs/laws --listen 0.0.0.0
            """)
        {
            runs, port, listen, key, documents, site,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(listen) is { } address && !IPAddress.IsLoopback(address) && string.IsNullOrWhiteSpace(KeyOf(result.GetValue(key))))
                result.AddError($"--listen {address} lets other machines ask: give --api-key, or {KeyVariable} in the environment.");
        });
        command.SetAction((parsed, cancellation) => ServeAsync(
            new SearchServerOptions(parsed.GetValue(runs)!)
            {
                Address = parsed.GetValue(listen)!,
                Port = parsed.GetValue(port),
                ApiKey = KeyOf(parsed.GetValue(key)),
                Documents = parsed.GetValue(documents),
                Site = parsed.GetValue(site),
            },
            cancellation));
        return command;
    }

    /// <summary>Serves until somebody has had enough: that is no interruption.</summary>
    /// <param name="options">What to serve.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> ServeAsync(SearchServerOptions options, CancellationToken cancellation)
    {
        await using SearchServer server = await SearchServer.StartAsync(options, cancellation);
        Console.WriteLine(server.Address);
        await Console.Error.WriteLineAsync("Ctrl-C ends it.");
        await Task.Delay(Timeout.Infinite, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return 0;
    }

    private static string? KeyOf(string? given) => (given ?? Environment.GetEnvironmentVariable(KeyVariable)) is { Length: > 0 } key ? key : null;

    private static IPAddress? ReadAddress(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text == "localhost") return IPAddress.Loopback;
        if (IPAddress.TryParse(text, out IPAddress? address)) return address;
        result.AddError($"--listen must be an address of this machine, such as 0.0.0.0, got {text}.");
        return null;
    }
}
