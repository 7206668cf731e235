using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Training;

namespace GenQ.Tests;

/// <summary>A run that version 0.1 has made as far as the filter; its genq.json also knows of a training, an index and a report.</summary>
[Collection(TorchRandomCollection.Name)]
public sealed class FormerRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RunFolder _run;

    public FormerRunTests()
    {
        foreach (string file in Directory.GetFiles(Shared.Golden("runs", "0.1"), "*", SearchOption.AllDirectories))
        {
            string copy = _folder[Path.GetRelativePath(Shared.Golden("runs", "0.1"), file)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        _run = new RunFolder(_folder["run"]);
        string settings = File.ReadAllText(_run.Settings)
            .Replace("CHECKPOINTS", Shared.Golden("checkpoints"), StringComparison.Ordinal).Replace("DOCS", _folder["docs"], StringComparison.Ordinal);
        File.WriteAllText(_run.Settings, settings);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Its_settings_are_read()
    {
        GenQSettings settings = new RunLedger(_run.Settings).Settings;
        Assert.Equal([_folder["docs"]], settings.Corpus.Paths);
        Assert.Equal((4, 0, 1.0, 42, 0.95), (settings.Query.Count, settings.Query.Crops, settings.Query.Temperature, settings.Seed, settings.Query.TopP));
        Assert.Equal((4, 6, LabelKind.Soft, 0.25), (settings.Training.BatchSize, settings.Training.MaxSteps, settings.Training.Labels, settings.Training.BaseShare));
        Assert.Null(settings.Holdout);
    }

    [Fact]
    public async Task Its_passages_and_queries_stay_and_it_ends_with_a_report()
    {
        string[] written = [_run.Passages, PairFiles.Path(_run.Pairs, 0), _run.HeldOutQueries, _run.Filter];
        byte[][] before = [.. written.Select(File.ReadAllBytes)];
        DateTime[] times = [.. written.Select(File.GetLastWriteTimeUtc)];
        RunReport report = await new GenQPipeline(_run.Path).RunAsync();
        Assert.Equal(before, written.Select(File.ReadAllBytes));
        Assert.Equal(times, written.Select(File.GetLastWriteTimeUtc));
        Assert.Equal(5, report.Comparison.Results.Count);
        Assert.True(File.Exists(_run.ReportPage));
    }

    [Fact]
    public void Its_training_had_the_identity_that_the_same_training_has_today()
    {
        RunLedger ledger = new(_run.Settings);
        GenQSettings settings = ledger.Settings;
        BiEncoderTrainer trainer = new(settings.Training with { Precision = settings.Precision, Seed = settings.Seed });
        Dictionary<string, string> identity = new(trainer.Identity(settings.Base, [.. PairFiles.Read(_run.Pairs)])) { ["filter"] = "on" };
        Assert.True(ledger.IsBegunWith("train", identity));
        identity["epochs"] = "7";
        Assert.False(ledger.IsBegunWith("train", identity));
    }
}
