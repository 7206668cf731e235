using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace GenQ.Extensions.Tests;

public sealed class SearchTelemetryTests : IDisposable
{
    private readonly TinyRun _run = new("the pump", "the valve");

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_search_is_a_span_a_count_and_a_time()
    {
        List<Activity> spans = [];
        using ActivityListener spanListener = new()
        {
            ShouldListenTo = source => source.Name == "GenQ",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans) spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(spanListener);

        // Other tests search meanwhile: figures are told on the thread that they are from.
        int thread = Environment.CurrentManagedThreadId;
        List<(string Name, string? Unit, double Value, string? Mode)> figures = [];
        using MeterListener figureListener = new();
        figureListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "GenQ") listener.EnableMeasurementEvents(instrument);
        };
        figureListener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        figureListener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        figureListener.Start();

        ServiceCollection collection = new();
        collection.AddGenQSearch(_run.Folder);
        using ServiceProvider services = collection.BuildServiceProvider();
        using Activity parent = new Activity("test").Start();
        services.GetRequiredService<IPassageSearch>().Search("the pump", 2);
        parent.Stop();

        Activity own = Assert.Single(spans, span => span.TraceId == parent.TraceId);
        Assert.Equal(("genq.search", "both", 2), (own.OperationName, own.GetTagItem("genq.search.mode"), own.GetTagItem("genq.search.hits")));
        Assert.Equal(("genq.searches", "{search}", 1, "both"), Assert.Single(figures, figure => figure.Name == "genq.searches"));
        (_, string? unit, double seconds, string? mode) = Assert.Single(figures, figure => figure.Name == "genq.search.duration");
        Assert.Equal(("s", "both"), (unit, mode));
        Assert.InRange(seconds, 0, 60);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (Environment.CurrentManagedThreadId == thread) figures.Add((instrument.Name, instrument.Unit, value, tags.Length > 0 ? (string?)tags[0].Value : null));
        }
    }
}
