using GenQ.Data;

namespace GenQ.Cli;

/// <summary>Says what mends an error in the words of the command line.</summary>
internal static class RemedyWords
{
    /// <summary>The error's message, and the verb or the flags that mend it.</summary>
    public static string Of(GenQException error) => error.Remedy switch
    {
        Remedy.RunStage { Stage: "run" } stage => $"{error.Message} Run 'genq run DOCS -o {stage.Folder}'.",
        Remedy.RunStage { Stage: "passages" } stage => $"{error.Message} Run 'genq passages DOCS -o {stage.Folder}' first.",
        Remedy.RunStage stage => $"{error.Message} Run 'genq {stage.Stage} {stage.Folder}' first.",
        Remedy.Export export => $"{error.Message} Run 'genq export {(export.Model is { } model ? $"--model {model}" : "RUN")} --onnx {export.Folder}'.",
        Remedy.Change change => $"{error.Message} The options for it: {string.Join(", ", change.Names.Select(name => RunOptions.FlagOf(name.Setting, name.Value)))}.",
        _ => error.Message,
    };
}
