namespace GenQ.Cli.Completion;

/// <summary>What a shell offers for a value.</summary>
/// <param name="Kind">Of which kind it is.</param>
/// <param name="Words">The words, where the kind is words.</param>
internal sealed record CompletedValue(CompletedKind Kind, IReadOnlyList<string> Words)
{
    public static CompletedValue None { get; } = new(CompletedKind.None, []);
}
