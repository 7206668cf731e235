namespace GenQ.Data;

/// <summary>What mends a <see cref="GenQException"/>, as data: who shows the exception says it in the words of its own interface.</summary>
public abstract record Remedy
{
    private Remedy()
    {
    }

    /// <summary>Run a stage of the run, or go on with it.</summary>
    /// <param name="Stage">"passages", "generate", "filter", "train", "index", "export" or "evaluate"; "run" is all of them.</param>
    /// <param name="Folder">The run folder.</param>
    public sealed record RunStage(string Stage, string Folder) : Remedy;

    /// <summary>Export an encoder anew.</summary>
    /// <param name="Model">Its folder, where it is known.</param>
    /// <param name="Folder">The folder that receives the export.</param>
    public sealed record Export(string? Model, string Folder) : Remedy;

    /// <summary>Give settings other values.</summary>
    /// <param name="Names">The settings, each with a value that would do or <see langword="null"/>.</param>
    public sealed record Change(params IReadOnlyList<(string Setting, string? Value)> Names) : Remedy;
}
