using System.CommandLine;
using System.Text.Json.Nodes;
using GenQ.Data;
using Spectre.Console;

namespace GenQ.Cli.Commands;

/// <summary><c>genq check</c>: whether the files of a run are what its stages have written.</summary>
internal static class CheckCommand
{
    private const int DamagedExitCode = 1, StateColumns = 7;

    public static Command Create()
    {
        Argument<string> run = new("RUN") { Description = "The run folder." };
        Option<bool> repair = new("--repair") { Description = "Take away what a stage makes anew, and what an interrupted write has left." };
        Command command = new("check", """
            Says whether every file of a run is what was written, and names what is damaged, missing, changed or unknown.

            It ends with exit code 1 where a file is damaged or missing.

            Examples:
              genq check runs/manuals
              genq check runs/manuals --repair
            """)
        {
            run, repair, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            RunFolder folder = new(parsed.GetValue(run)!);

            // What another process writes meanwhile would be taken for damage, and taken away.
            using RunLock? held = parsed.GetValue(repair) && Directory.Exists(folder.Path) ? RunLock.Take(folder, "check") : null;
            RunCheck check = RunCheck.Of(folder);
            IReadOnlyList<string> taken = held is null ? [] : check.TakeAway();
            if (parsed.GetValue(CommonOptions.Json)) Console.WriteLine(ToJson(folder, check, taken).ToJsonString());
            else Print(folder, check, taken);
            return check.IsWhole ? 0 : DamagedExitCode;
        });
        return command;
    }

    private static void Print(RunFolder run, RunCheck check, IReadOnlyList<string> taken)
    {
        foreach (FileFinding found in check.Findings)
        {
            bool isDamage = found.State is FileState.Damaged or FileState.Missing;
            Terminal.PrintHanging(isDamage ? ("✗", new Style(Color.Red)) : ("!", new Style(Color.Yellow)), found.State.ToString().ToLowerInvariant().PadRight(StateColumns), found.Sentence(run));
        }

        foreach (string path in taken) Terminal.Print($"taken away: {path}");
        foreach (string stage in Remaining(check)) Terminal.Print($"Run 'genq {stage} {run.Path}': it makes anew what is not there.");
        if (check.Unrecorded.Count > 0) Terminal.Print($"genq.json knows no files of {string.Join(", ", check.Unrecorded)}: an older GenQ has run it, or it has not ended.");
        int damaged = check.Findings.Count(found => found.State is FileState.Damaged or FileState.Missing);
        Terminal.Print(damaged == 0 ? $"{check.Files} files are whole." : $"{damaged} of {check.Files} files are damaged or missing.");
    }

    // Vectors of the base are made by whoever needs them.
    private static IEnumerable<string> Remaining(RunCheck check) => check.Findings.Where(found => RunCheck.IsMadeAnew(found) && (found.Owner.Care == FileCare.MadeAnew || found.Owner.Stage == "train")).Select(found => found.Owner.Stage).Distinct();

    private static JsonObject ToJson(RunFolder run, RunCheck check, IReadOnlyList<string> taken) => new()
    {
        ["run"] = run.Path,
        ["whole"] = check.IsWhole,
        ["files"] = check.Files,
        ["findings"] = new JsonArray([.. check.Findings.Select(found => new JsonObject
        {
            ["file"] = found.Name,
            ["stage"] = found.Owner.Stage,
            ["state"] = found.State.ToString().ToLowerInvariant(),
            ["expected"] = found.Expected is { } expected ? new JsonObject { ["size"] = expected.Size, ["sha256"] = expected.Sha256 } : null,
            ["got"] = found.Got,
            ["says"] = found.Sentence(run),
        })]),
        ["unrecorded"] = new JsonArray([.. check.Unrecorded.Select(stage => JsonValue.Create(stage))]),
        ["taken_away"] = new JsonArray([.. taken.Select(path => JsonValue.Create(path))]),
        ["to_run"] = new JsonArray([.. Remaining(check).Select(stage => JsonValue.Create(stage))]),
    };
}
