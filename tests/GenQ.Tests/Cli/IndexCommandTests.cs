using System.Net;
using System.Net.Sockets;

namespace GenQ.Tests.Cli;

/// <summary>What the command itself says; what it stores is tested in GenQ.Extensions.Tests, and the whole of it by .ci/run.</summary>
[Collection(ConsoleRun.Collection)]
public sealed class IndexCommandTests
{
    private const string Known = "must be postgres://USER@HOST:PORT/DATABASE (with pgvector) or qdrant://HOST:PORT, got";

    [Theory]
    [InlineData($"--to {Known} mysql://…", "--to", "mysql://me:secret@host/db")]
    [InlineData($"--to {Known} qdrant+http://…", "--to", "qdrant+http://host")]
    [InlineData($"--to {Known} another", "--to", "memory")]
    [InlineData("--collection names a place in a vector store: give the store with --to.", "--collection", "manuals")]
    public async Task Wrong_usage_is_told_with_the_stores_that_are_known(string message, params string[] arguments)
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", ["index", "run", .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"genq: {message}\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres", "PostgreSQL", "Is the server running, and are host and port right?")]
    [InlineData("qdrant", "Qdrant", "Is the server running, and is this the port of gRPC?")]
    public async Task A_server_that_does_not_answer_is_told_before_anything_is_encoded(string scheme, string name, string remedy)
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        ConsoleRun run = await ConsoleRun.OfAsync("", "index", "nowhere", "--to", $"{scheme}://me:secret@127.0.0.1:{port}");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"genq: {name} at 127.0.0.1:{port} does not answer: ", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"{remedy}\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
    }
}
