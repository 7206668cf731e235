using GenQ.Data;

namespace GenQ.Tests.Faults;

/// <summary>A small run that has ended, made once for the tests that damage copies of it.</summary>
public sealed class FinishedRun : IAsyncLifetime
{
    internal SmallRun Small { get; } = new();

    internal RunFolder Run => Small.Of("whole");

    internal SortedDictionary<string, string> Content { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        await Small.RunAsync(Run);
        Content = SmallRun.Content(Run);
    }

    public ValueTask DisposeAsync()
    {
        Small.Dispose();
        return ValueTask.CompletedTask;
    }
}
