using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace GenQ.Data;

/// <summary>What GenQ tells those who watch an application: spans and figures, both under the name "GenQ". Where nobody listens nothing is made.</summary>
/// <remarks>docs/dotnet.md lists the names and the units.</remarks>
internal static class Telemetry
{
    private const string Name = "GenQ";

    private static readonly ActivitySource Source = new(Name, RunRecords.Version);
    private static readonly Meter Meter = new(Name, RunRecords.Version);
    private static readonly Counter<long> Searches = Meter.CreateCounter<long>("genq.searches", "{search}", "Searches that were answered.");
    private static readonly Histogram<double> SearchDuration = Meter.CreateHistogram<double>("genq.search.duration", "s", "How long a search took.");
    private static readonly Histogram<double> StageDuration = Meter.CreateHistogram<double>("genq.stage.duration", "s", "How long a stage of a run took.");
    private static readonly Counter<long> Queries = Meter.CreateCounter<long>("genq.queries", "{query}", "Queries that were written.");
    private static readonly Counter<long> Steps = Meter.CreateCounter<long>("genq.training.steps", "{step}", "Steps of trainings.");
    private static readonly Counter<long> Passages = Meter.CreateCounter<long>("genq.passages.encoded", "{passage}", "Passages that an index took in.");

    /// <summary>Begins a search.</summary>
    public static Operation Search(string mode) => new(Source.StartActivity("genq.search"), SearchDuration, Searches, "genq.search.mode", mode);

    /// <summary>Begins a stage of a run.</summary>
    public static Operation Stage(string stage, string run)
    {
        Operation operation = new(Source.StartActivity($"genq.stage {stage}"), StageDuration, null, "genq.stage", stage);
        operation.Tag("genq.run", run);
        return operation;
    }

    /// <summary>Begins a call of a language model that writes queries.</summary>
    public static Activity? WriterCall(string model) => Source.StartActivity("genq.writer.call", ActivityKind.Client)?.SetTag("genq.writer", model);

    /// <summary>Counts queries that were written.</summary>
    public static void QueriesWritten(long count) => Queries.Add(count);

    /// <summary>Counts a step of a training.</summary>
    public static void StepTaken() => Steps.Add(1);

    /// <summary>Counts passages that were encoded for an index.</summary>
    public static void PassagesEncoded(long count) => Passages.Add(count);

    /// <summary>Something that takes time: a span while it lasts, its figures where it ends well.</summary>
    public readonly struct Operation(Activity? activity, Histogram<double> duration, Counter<long>? count, string tag, string value) : IDisposable
    {
        private readonly long _started = Stopwatch.GetTimestamp();

        /// <summary>Says more about the span.</summary>
        public void Tag(string name, object? said) => activity?.SetTag(name, said);

        /// <summary>Marks the span as failed.</summary>
        public void Fail(Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            activity?.SetTag("error.type", e.GetType().FullName);
        }

        /// <summary>Writes the figures down: it has ended well.</summary>
        public void Complete()
        {
            KeyValuePair<string, object?> said = new(tag, value);
            duration.Record(Stopwatch.GetElapsedTime(_started).TotalSeconds, said);
            count?.Add(1, said);
            activity?.SetTag(tag, value);
        }

        /// <inheritdoc/>
        public void Dispose() => activity?.Dispose();
    }
}
