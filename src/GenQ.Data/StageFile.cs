namespace GenQ.Data;

/// <summary>A file of a run, or a folder with all that it holds, and the stage that owns it. This is the one list of them.</summary>
/// <param name="Stage">The stage that writes it.</param>
/// <param name="Path">The file or the folder.</param>
/// <param name="Care">What becomes of it where it is not what was written.</param>
/// <param name="Sign">What is deleted so that the stage makes it anew; by default the file that is damaged.</param>
internal sealed record StageFile(string Stage, string Path, FileCare Care, string? Sign = null)
{
    /// <summary>All of a run, the more special before what holds them.</summary>
    public static IReadOnlyList<StageFile> Of(RunFolder run) =>
    [
        new("passages", run.Passages, FileCare.Kept),
        new("passages", run.Skipped, FileCare.Kept),
        new("generate", run.HeldOutPairs, FileCare.Editable),
        new("generate", run.HoldOut, FileCare.Kept),
        new("generate", run.HeldOut, FileCare.MadeAnew, Sign: run.HeldOutQueries),
        new("generate", run.Pairs, FileCare.Editable),
        new("generate", run.IndexPairs, FileCare.Editable),
        new("generate", run.Writer, FileCare.Unrecorded),
        new("filter", run.Filter, FileCare.MadeAnew, Sign: run.FilterSummary),
        new("filter", run.FilterSummary, FileCare.MadeAnew),
        new("filter", run.BaseVectors, FileCare.Unrecorded),
        new("train", run.ModelCard, FileCare.Editable),
        new("train", run.Model, FileCare.Kept),
        new("train", run.Kept, FileCare.Kept),
        new("train", run.TrainingLog, FileCare.Editable),
        new("train", run.Checkpoints, FileCare.Unrecorded),
        new("index", run.IndexFolder, FileCare.MadeAnew),
        new("export", run.Onnx, FileCare.MadeAnew),
        new("evaluate", run.Report, FileCare.MadeAnew),
        new("evaluate", run.ReportQueries, FileCare.MadeAnew, Sign: run.Report),
        new("evaluate", run.ReportLabelledQueries, FileCare.MadeAnew, Sign: run.Report),
        new("evaluate", run.ReportFolder, FileCare.Unrecorded),
    ];

    /// <summary>Whether a file is this one, or lies in this folder.</summary>
    public bool Holds(string file) => file == Path || file.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>Whether there is anything of it.</summary>
    public bool IsThere => File.Exists(Path) || (Directory.Exists(Path) && Directory.EnumerateFileSystemEntries(Path).Any());
}
