#:property RestorePackagesWithLockFile=false
#:property PublishAot=false
// Asks a server as fast as it answers: dotnet run eng/serve-load.cs URL PASSAGES.JSONL SECONDS CONNECTIONS. Prints requests, errors, and how long they took.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

(Uri server, string passages, int seconds, int connections) = (new Uri(args[0]), args[1], int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));

// Questions of the run's own words, each another one, so that no vector is remembered.
string[] words = [.. File.ReadLines(passages).Take(2000)
    .SelectMany(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!.Split([' ', '\n', '.', ',', '(', ')'], StringSplitOptions.RemoveEmptyEntries))
    .Where(word => word.Length > 3 && word.All(char.IsLetter)).Distinct()];
using HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = server };
await AskAsync(new Random(0));

using CancellationTokenSource stop = new(TimeSpan.FromSeconds(seconds));
Stopwatch clock = Stopwatch.StartNew();
List<(double Milliseconds, int Status)>[] asked = await Task.WhenAll(Enumerable.Range(1, connections).Select(seed => Task.Run(async () =>
{
    Random random = new(seed);
    List<(double, int)> own = [];
    while (!stop.IsCancellationRequested) own.Add(await AskAsync(random));
    return own;
})));
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
double elapsed = clock.Elapsed.TotalSeconds;
double[] times = [.. asked.SelectMany(own => own).Where(one => one.Status == 200).Select(one => one.Milliseconds).Order()];
int all = asked.Sum(own => own.Count);
Console.WriteLine($"requests {all} in {elapsed:0.0} s: {all / elapsed:0.0} a second, {connections} connections");
Console.WriteLine($"errors {all - times.Length}{string.Concat(asked.SelectMany(own => own).Where(one => one.Status != 200).CountBy(one => one.Status).Select(count => $", {count.Value} of {count.Key}"))}");
if (times.Length > 0) Console.WriteLine($"milliseconds: p50 {At(.5):0.0}, p95 {At(.95):0.0}, p99 {At(.99):0.0}, longest {times[^1]:0.0}");

double At(double share) => times[Math.Min((int)(share * times.Length), times.Length - 1)];

async Task<(double Milliseconds, int Status)> AskAsync(Random random)
{
    string query = string.Join('+', Enumerable.Range(0, 5).Select(_ => words[random.Next(words.Length)]));
    long started = Stopwatch.GetTimestamp();
    try
    {
        using HttpResponseMessage answer = await client.GetAsync($"/api/search?q={query}");
        await answer.Content.ReadAsByteArrayAsync();
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, (int)answer.StatusCode);
    }
    catch (HttpRequestException)
    {
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, 0);
    }
}
