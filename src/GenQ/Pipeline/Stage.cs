namespace GenQ;

/// <summary>One stage of a run: what it reads, what it writes, what decides the bytes that it writes. <see cref="RunLedger"/> runs it.</summary>
/// <param name="Name">The stage's name, which is also that of its part of genq.json.</param>
/// <param name="Output">What it writes, in words.</param>
internal sealed record Stage(string Name, string Output)
{
    /// <summary>Files and folders that it needs, in words, each with the stage that makes it.</summary>
    public IReadOnlyList<(string Path, string Holds, string MadeBy)> Inputs { get; init; } = [];

    /// <summary>What decides the bytes of the output, by name.</summary>
    public required Func<IReadOnlyDictionary<string, string>> Identity { get; init; }

    /// <summary>Whether the whole output is there. It is asked of an output of the same identity.</summary>
    public required Func<bool> IsMade { get; init; }

    /// <summary>Whether a part of the output is there that must not be mixed with others. By default it is there where the whole is.</summary>
    public Func<bool>? HasOutput { get; init; }

    /// <summary>
    /// Takes an output of another identity away, so that the stage begins anew without a question. Left out where the output has cost too
    /// much for that: the stage then refuses to mix.
    /// </summary>
    public Action? Discard { get; init; }

    /// <summary>Takes away what only a work in progress needs; the work may have done so itself, where no kill came between.</summary>
    public Action? Clear { get; init; }

    /// <summary>Says what the output holds, in a few words; asked when it is there.</summary>
    public required Func<string> Totals { get; init; }

    /// <summary>Makes the output, or goes on with it.</summary>
    public required Func<CancellationToken, Task> Make { get; init; }
}
