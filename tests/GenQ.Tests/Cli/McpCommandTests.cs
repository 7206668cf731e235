using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class McpCommandTests
{
    [Fact]
    public async Task An_assistant_starts_the_command_and_searches_a_run_over_its_streams()
    {
        using TemporaryFolder folder = new();
        await MakeRunAsync(folder);
        ProcessStartInfo program = ConsoleRun.Program("mcp", folder["run"]);
        List<string> log = [];
        StdioClientTransport transport = new(new StdioClientTransportOptions { Command = program.FileName, Arguments = [.. program.ArgumentList], StandardErrorLines = log.Add });
        await using McpClient client = await McpClient.CreateAsync(transport, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("genq", client.ServerInfo?.Name);
        Assert.Equal(3, (await client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Count);
        CallToolResult result = await client.CallToolAsync(
            "search", new Dictionary<string, object?> { ["query"] = "what is done with part 7", ["by"] = "words", ["top"] = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("7.txt", result.StructuredContent!.Value.GetProperty("passages")[0].GetProperty("file").GetString());
    }

    [Fact]
    public async Task Nothing_but_the_protocol_is_on_stdout_and_the_end_of_input_ends_it()
    {
        using TemporaryFolder folder = new();
        await MakeRunAsync(folder);
        using Process process = Process.Start(ConsoleRun.Program("mcp", folder["run"]))!;
        Task<string> log = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteLineAsync(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""");
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        string answer = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("genq", JsonDocument.Parse(answer).RootElement.GetProperty("result").GetProperty("serverInfo").GetProperty("name").GetString());
        process.StandardInput.Close();
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("Opened", await log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_no_run_is_told_at_once()
    {
        using TemporaryFolder folder = new();
        using Process process = Process.Start(ConsoleRun.Program("mcp", folder["nothing"]))!;
        process.StandardInput.Close();
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("genq: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_tells_assistants_its_own_name_and_version_and_a_line_that_is_understood()
    {
        JsonElement server = JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Root, "src", "GenQ.Cli", ".mcp", "server.json"))).RootElement;
        string version = XDocument.Load(Path.Combine(Shared.Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        JsonElement package = Assert.Single(server.GetProperty("packages").EnumerateArray());
        Assert.Equal([version, version], [server.GetProperty("version").GetString()!, package.GetProperty("version").GetString()!]);
        Assert.Equal(["nuget", "GenQ.Cli", "stdio"], [package.GetProperty("registryType").GetString()!, package.GetProperty("identifier").GetString()!, package.GetProperty("transport").GetProperty("type").GetString()!]);

        // What the schema asks of them.
        Assert.Matches("^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$", server.GetProperty("name").GetString());
        Assert.InRange(server.GetProperty("description").GetString()!.Length, 1, 100);

        string[] arguments = [.. package.GetProperty("packageArguments").EnumerateArray().Select(part => part.TryGetProperty("value", out JsonElement value) ? value.GetString()! : "runs/manuals")];
        ParseResult parsed = GenQ.Cli.Program.Root().Parse(arguments, GenQ.Cli.Program.Parser);
        Assert.Empty(parsed.Errors);
        Assert.Equal("mcp", parsed.CommandResult.Command.Name);
    }

    private static async Task MakeRunAsync(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["docs"]);
        for (int i = 0; i < 24; i++) File.WriteAllText(folder["docs", $"{i}.txt"], $"Text number {i} says what is to be done with part {i}.");
        ConsoleRun run = await ConsoleRun.OfAsync(
            "", "run", folder["docs"], "-o", folder["run"], "--generator", Shared.Golden("checkpoints", "t5-tiny"), "--base", Shared.Golden("checkpoints", "mpnet-tiny"),
            "--set", "training.batch-size=8", "filter-rank=0", "--precision", "fp32");
        Assert.True(run.ExitCode == 0, run.Error);
    }
}
