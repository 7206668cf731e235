using System.Diagnostics;
using System.Diagnostics.Metrics;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Training;

namespace GenQ.Tests;

[Collection(TorchRandomCollection.Name)]
public sealed class TelemetryTests
{
    [Fact]
    public async Task Each_stage_of_a_run_is_a_span_and_its_work_is_counted()
    {
        using TemporaryFolder folder = new();
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

        // Other tests work meanwhile: a figure is this run's where its span is.
        Dictionary<string, double> counted = [];
        Dictionary<string, string?> units = [];
        ActivityTraceId own = default;
        using MeterListener figureListener = new();
        figureListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "GenQ") listener.EnableMeasurementEvents(instrument);
        };
        figureListener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Count(instrument, value));
        figureListener.SetMeasurementEventCallback<double>((instrument, _, _, _) => Count(instrument, 1));
        figureListener.Start();

        Directory.CreateDirectory(folder["docs"]);
        for (int i = 0; i < 24; i++) File.WriteAllText(folder["docs", $"doc{i}.md"], $"# Topic {i}\n\nThis is topic {i} of the handbook, and it says what is to be done with part {i}.\n");
        GenQPipeline pipeline = new(folder["run"], new GenQSettings
        {
            Corpus = CorpusSource.Documents(folder["docs"]),
            Generator = Shared.Golden("checkpoints", "t5-tiny"),
            Base = Shared.Golden("checkpoints", "mpnet-tiny"),
            Precision = Precision.Fp32,
            Query = new QuerySettings { MaxLength = 8 },
            FilterRank = 0,
            KeepBest = false,
            Training = new BiEncoderTrainerOptions { BatchSize = 8 },
        });
        using (Activity parent = new Activity("test").Start())
        {
            own = parent.TraceId;
            await pipeline.RunAsync();
            await pipeline.MakePassagesAsync();
        }

        Activity[] stages = [.. spans.Where(span => span.TraceId == own).OrderBy(span => span.StartTimeUtc)];
        Assert.Equal(
            ["passages", "generate", "filter", "train", "index", "export", "evaluate", "passages"],
            stages.Where(span => span.DisplayName != "genq.stage filter" || span.GetTagItem("genq.stage.made") is true).Select(span => span.GetTagItem("genq.stage")));
        Assert.All(stages, span => Assert.Equal(($"genq.stage {span.GetTagItem("genq.stage")}", folder["run"]), (span.DisplayName, span.GetTagItem("genq.run"))));
        Assert.Equal((true, false), (stages[0].GetTagItem("genq.stage.made"), stages[^1].GetTagItem("genq.stage.made")));

        RunFolder run = new(folder["run"]);
        Assert.Equal(stages.Length, counted["genq.stage.duration"]);
        Assert.Equal(File.ReadLines(run.TrainingLog).Count(), counted["genq.training.steps"]);

        // By the base, which says what words count for, and by the adapted model.
        Assert.Equal(2 * 24, counted["genq.passages.encoded"]);
        Assert.Equal(PairFiles.Read(run.Pairs).Concat(PairFiles.Read(run.HeldOutPairs)).Count(pair => pair.Query.Length > 0), counted["genq.queries"]);
        Assert.Equal(("s", "{step}", "{passage}", "{query}"), (units["genq.stage.duration"], units["genq.training.steps"], units["genq.passages.encoded"], units["genq.queries"]));

        // A stage that fails says so.
        File.WriteAllText(folder["docs", "doc0.md"], "# Topic 0\n\nAnother text.\n");
        using (Activity parent = new Activity("failing").Start())
        {
            own = parent.TraceId;
            GenQException error = await Assert.ThrowsAsync<GenQException>(() => pipeline.MakePassagesAsync());
            Activity failed = Assert.Single(spans, span => span.TraceId == own);
            Assert.Equal((ActivityStatusCode.Error, error.Message, typeof(GenQException).FullName), (failed.Status, failed.StatusDescription, failed.GetTagItem("error.type")));
        }

        void Count(Instrument instrument, double value)
        {
            if (Activity.Current?.TraceId != own) return;
            lock (counted)
            {
                counted[instrument.Name] = counted.GetValueOrDefault(instrument.Name) + value;
                units[instrument.Name] = instrument.Unit;
            }
        }
    }
}
