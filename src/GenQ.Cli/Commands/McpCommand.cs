using System.CommandLine;
using GenQ.Data;
using GenQ.Extensions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace GenQ.Cli.Commands;

/// <summary><c>genq mcp</c>: lets an assistant search runs, over stdin and stdout.</summary>
internal static class McpCommand
{
    public static Command Create()
    {
        Argument<string[]> runs = new("RUN") { Description = "The run folders; an assistant knows them by their names.", Arity = ArgumentArity.OneOrMore };
        Command command = new("mcp", """
            Lets an assistant search runs: a server of the Model Context Protocol, on stdin and stdout.

            An assistant starts it by itself, as its configuration says; docs/assistants.md shows how. It ends with its input.

            Example:
              genq mcp runs/manuals
            """)
        {
            runs,
        };
        command.Validators.Add(result => CommonOptions.RefuseUnknown(result, runs));
        command.SetAction(async (parsed, cancellation) =>
        {
            // The protocol has stdout to itself: whatever else may print goes where a log goes.
            Console.SetOut(Console.Error);
            string[] folders = parsed.GetValue(runs)!, names = RunNames.Of(folders);
            ServiceCollection services = new();
            services.AddLogging(log => log.SetMinimumLevel(LogLevel.Warning).AddFilter("GenQ", LogLevel.Information).AddSimpleConsole(line => line.SingleLine = true)
                .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
            foreach ((string name, string folder) in names.Zip(folders)) services.AddKeyedGenQSearch(name, folder);
            services.AddMcpServer(options => options.ServerInfo = new Implementation { Name = "genq", Title = "GenQ", Version = RunRecords.Version })
                .WithStdioServerTransport()
                .AddGenQTools(names);
            await using ServiceProvider provider = services.BuildServiceProvider();

            // Who has named a wrong folder hears of it here, and not in the middle of a talk.
            foreach (string name in names) provider.GetRequiredKeyedService<IPassageSearch>(name).Refresh();
            try
            {
                await provider.GetRequiredService<McpServer>().RunAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Ctrl-C ends it as the end of its input does.
            }

            return 0;
        });
        return command;
    }
}
