namespace GenQ.Data;

/// <summary>A file of a run that is not what was written.</summary>
/// <param name="Owner">What it belongs to.</param>
/// <param name="Path">The file.</param>
/// <param name="Name">Its path below the run, with "/".</param>
/// <param name="State">How it differs.</param>
/// <param name="Expected">What was written; <see langword="null"/> where no stage has written it, or the file itself says that it is damaged.</param>
/// <param name="Got">What is there, in words.</param>
internal sealed record FileFinding(StageFile Owner, string Path, string Name, FileState State, RecordedFile? Expected, string Got)
{
    /// <summary>What was found, in a sentence without its end.</summary>
    public string InWords => (State, Expected) switch
    {
        (FileState.Unknown, _) => $"'{Name}' is no file that the stage '{Owner.Stage}' has written",
        (FileState.Missing, _) => $"'{Name}', which the stage '{Owner.Stage}' has written, is missing",
        (FileState.Changed, _) => $"'{Name}' was changed since the stage '{Owner.Stage}' wrote it",
        (_, null) => $"'{Name}' of the stage '{Owner.Stage}' is damaged: {Got}",
        _ => $"'{Name}' of the stage '{Owner.Stage}' is damaged or changed: {Expected} were written, {Got} are there",
    };

    /// <summary>What was found, and what to do about it where nothing is done by itself.</summary>
    public string Sentence(RunFolder run)
    {
        string? advice = (Owner.Care, State, Owner.Stage) switch
        {
            (_, FileState.Unknown, _) => "Take it away.",
            (FileCare.Editable, FileState.Changed, "generate") => "If that was not you, delete it, and the stage writes it anew.",
            (FileCare.Editable, _, "train") => "It is for people, and decides nothing; where it cannot be read, delete it.",
            (FileCare.Kept, FileState.Missing, "passages") when Path == run.Passages => null,
            (FileCare.Kept, _, "passages") => $"Put it back from a copy; or delete '{run.Passages}', and the documents are read again.",
            (FileCare.Kept, _, "generate") => $"Put it back from a copy; or delete '{run.HeldOut}' and '{run.Pairs}', and all queries are written anew.",
            (FileCare.Kept, _, "train") => $"Put it back from a copy; or delete '{run.Model}', and the model is trained anew.",
            _ => null,
        };
        return advice is null ? $"{InWords}." : $"{InWords}. {advice}";
    }

    /// <summary>The error that says so.</summary>
    /// <param name="run">The run.</param>
    /// <param name="others">How many more there are.</param>
    public GenQException ToError(RunFolder run, int others) => new($"In '{run.Path}', {Sentence(run)}{(others == 0 ? "" : $" There are {others} more such files.")}")
    {
        Where = Path,
        Expected = Expected?.ToString(),
        Got = Got,
        Remedy = State == FileState.Unknown ? null : new Remedy.RunStage(Owner.Stage, run.Path),
    };
}
