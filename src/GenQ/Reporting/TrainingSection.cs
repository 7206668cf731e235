using GenQ.Data;

namespace GenQ.Reporting;

/// <summary>The curves of the training.</summary>
internal static class TrainingSection
{
    private static readonly (string Field, string Name, string Title, string Unit, string Caption)[] Curves =
    [
        ("loss", "loss", "Loss", "loss", "It should fall, fast at first."),
        ("held_out", "held-out", "Held-out queries", "nDCG@10", "Looked at a few times, on part of the corpus. The best point is kept."),
        ("learning_rate", "learning-rate", "Learning rate", "learning rate", "It warms up, then falls to zero."),
        ("gradient_norm", "gradient-norm", "Gradient norm", "norm before clipping", "Single peaks are harmless."),
    ];

    /// <summary>The charts that a run's training.jsonl gives, each with what to see in it.</summary>
    public static IReadOnlyList<(Chart Chart, string Caption)> Charts(RunFolder run)
    {
        if (!File.Exists(run.TrainingLog)) return [];
        List<(double Step, double?[] Values)> steps = [.. JsonLine.Read(run.TrainingLog)
            .Select(line => (line.Numeric("step"), Curves.Select(curve => line.OptionalNumeric(curve.Field)).ToArray()))];
        return [.. Curves.Index()
            .Select(curve => (curve.Item, Points: steps.Where(step => step.Values[curve.Index] is not null).Select(step => (step.Step, step.Values[curve.Index]!.Value)).ToArray()))
            .Where(curve => curve.Points.Length > 0)
            .Select(curve => (LineChart.Of(curve.Item.Name, curve.Item.Title, curve.Item.Unit, "step", curve.Points), curve.Item.Caption))];
    }

    /// <summary>The part of the page.</summary>
    public static Html Of(IReadOnlyList<(Chart Chart, string Caption)> charts) => charts.Count == 0
        ? Html.Of($"<p>The run keeps no log of its training: its model was trained elsewhere, or by hand.</p>")
        : Html.Of($"""<div class="split">{charts.Select(curve => PageFrame.Figure(curve.Chart, curve.Caption))}</div>""");
}
