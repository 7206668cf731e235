using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenQ.Data;
using GenQ.Generation;
using GenQ.Tests.Cli;
using GenQ.Tests.Generation;

namespace GenQ.Tests.ChatClients;

public sealed partial class KilledWriterTests
{
    private const int Documents = 120, Kills = 20, Concurrency = 3;

    private static readonly string Mpnet = Shared.Golden("checkpoints", "mpnet-tiny");

    [Fact]
    public async Task However_often_the_process_is_killed_no_pair_is_lost_and_no_answer_that_arrived_is_paid_for_twice()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["docs"]);
        for (int i = 0; i < Documents; i++) File.WriteAllText(folder["docs", $"{i}.md"], $"# Topic {i}\n\nPart number{i} of the machine.\n");
        ConcurrentQueue<string> asked = [];
        using ChatServer server = new((ChatServer.Call call) =>
        {
            foreach (string passage in StubChatClient.PassagesOf(call.Request)) asked.Enqueue(Part().Match(passage).Value);
            return ChatServer.Written(StubChatClient.Sound(call.Request)) with { After = TimeSpan.FromMilliseconds(60) };
        });

        Random random = new(7);
        int kills = 0, paidTwice = 0;
        while (true)
        {
            HashSet<string> known = Answered(folder);
            int before = asked.Count;
            using Process process = Start(folder, server);
            if (kills < Kills)
            {
                while (asked.Count == before && !process.HasExited) await Task.Delay(5);
                await Task.Delay(random.Next(150));
                if (!process.HasExited) kills++;
                process.Kill();
            }

            Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            string[] now = [.. asked];
            paidTwice += now.Skip(before).Count(known.Contains);
            if (process.ExitCode == 0) break;
            Assert.True(process.ExitCode == 137, await error + await output);
        }

        RunFolder run = new(folder["run"]);
        string[] parts = [.. PairFiles.Read(run.Pairs).Concat(PairFiles.Read(run.HeldOutPairs)).Select(pair => Part().Match(pair.Passage).Value)];
        Assert.Equal(Documents, parts.Distinct().Count());
        Assert.All(PairFiles.Read(run.Pairs).Concat(PairFiles.Read(run.HeldOutPairs)), pair => Assert.EndsWith(Part().Match(pair.Passage).Value + " of the machine.", pair.Query, StringComparison.Ordinal));

        // What a kill loses is on its way: what was asked and not answered.
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills: {asked.Count} passages sent for {Documents}, {paidTwice} of them answered before");
        Assert.Equal(0, paidTwice);
        Assert.InRange(asked.Count, Documents, Documents + kills * Concurrency);

        // What was paid for is written down as it arrives, so that kills forget no more than what was on its way.
        Assert.InRange(WriterUsage.Read(run).Calls, Documents - kills * Concurrency, asked.Count);
    }

    // An answer's queries name their passage.
    private static HashSet<string> Answered(TemporaryFolder folder)
    {
        string[] files = Directory.Exists(folder["cache"]) ? Directory.GetFiles(folder["cache"], "*.json", SearchOption.AllDirectories) : [];
        return [.. files.Select(file => JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("queries")[0].GetString()!).Select(query => Part().Match(query).Value)];
    }

    private static Process Start(TemporaryFolder folder, ChatServer server)
    {
        ProcessStartInfo start = ConsoleRun.Program(
            "run", folder["docs"], "-o", folder["run"], "--base", Mpnet, "--writer", "openai:parrot", "--writer-url", $"{server.Address}v1", "--precision", "fp32",
            "--set", "chat.passages-per-call=1", $"chat.concurrency={Concurrency}", "training.batch-size=8", "training.max-steps=20");
        start.Environment["GENQ_CACHE"] = folder["cache"];
        return Process.Start(start)!;
    }

    [GeneratedRegex(@"number\d+")]
    private static partial Regex Part();
}
