using GenQ.Data;

namespace GenQ.Mcp;

/// <summary>The runs that the tools search, in the order in which they were named.</summary>
internal sealed class ServedRuns(IReadOnlyList<ServedRun> runs)
{
    /// <summary>Finds a run.</summary>
    /// <param name="name">Its name; <see langword="null"/> for the only one.</param>
    /// <exception cref="GenQException">There is none of this name, or there are several and none is named.</exception>
    public ServedRun Named(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return runs.Count == 1 ? runs[0] : throw new GenQException($"Several runs are served: name one as 'run'. There are {Names}.");
        return runs.FirstOrDefault(run => run.Name == name) ?? throw new GenQException($"There is no run '{name}'. There is {Names}.") { Expected = Names, Got = name };
    }

    /// <summary>Says for a language model what is searched.</summary>
    public string InWords => runs.Count == 1
        ? Words(runs[0])
        : $"{runs.Count} runs, named by 'run':\n{string.Join('\n', runs.Select(run => $"- {run.Name}: {Words(run)}"))}";

    private string Names => string.Join(", ", runs.Select(run => $"'{run.Name}'"));

    // Who lists the tools is told of the trouble too, and may still be told the rest.
    private static string Words(ServedRun run)
    {
        try
        {
            return run.Contents.InWords;
        }
        catch (GenQException e)
        {
            return $"cannot be opened now. {e.Message}";
        }
    }
}
