namespace GenQ.Cli.Completion;

/// <summary>An option as a shell offers it.</summary>
/// <param name="Names">Its name and its aliases.</param>
/// <param name="Help">What it does, in a line.</param>
/// <param name="Value">What follows it; <see langword="null"/> for a flag, which nothing follows.</param>
/// <param name="TakesMore">Whether more than one value may follow.</param>
internal sealed record CompletedOption(IReadOnlyList<string> Names, string Help, CompletedValue? Value, bool TakesMore);
