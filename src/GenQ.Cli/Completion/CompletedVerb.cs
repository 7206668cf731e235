using System.CommandLine;
using System.CommandLine.Completions;
using GenQ.Data;

namespace GenQ.Cli.Completion;

/// <summary>A verb as a shell offers it, read from the command's own declarations.</summary>
/// <param name="Name">The verb.</param>
/// <param name="Help">What it does, in a line.</param>
/// <param name="Options">Its options.</param>
/// <param name="Argument">What stands without an option.</param>
internal sealed record CompletedVerb(string Name, string Help, IReadOnlyList<CompletedOption> Options, CompletedValue Argument)
{
    // What stands for these in the help is neither a file nor a folder.
    private static readonly string[] Typed = ["n", "number", "choice", "address", "key", "name=value", "QUERY", "--text", "--split", "--writer", "--writer-url", "--audience", "--kinds"];

    /// <summary>Reads all verbs.</summary>
    public static IReadOnlyList<CompletedVerb> AllOf(RootCommand root) => [.. root.Subcommands.Where(verb => !verb.Hidden).Select(verb => new CompletedVerb(
        verb.Name,
        FirstLine(verb.Description),
        [.. verb.Options.Concat(root.Options.Where(option => option.Recursive)).Where(option => !option.Hidden && option.Name != "--version").Select(Read)],
        verb.Arguments.FirstOrDefault() is { } argument ? ValueOf(argument, argument.ValueType, argument.HelpName ?? argument.Name) : CompletedValue.None))];

    private static CompletedOption Read(Option option)
    {
        bool isFlag = option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) || option.ValueType == typeof(bool?);
        string[] names = [.. new[] { option.Name }.Concat(option.Aliases).Where(name => name.StartsWith('-')).Distinct()];
        string placeholder = Typed.Contains(option.Name) ? option.Name : option.HelpName ?? option.Name;
        return new(names, FirstLine(option.Description), isFlag ? null : ValueOf(option, option.ValueType, placeholder), option.AllowMultipleArgumentsPerToken);
    }

    private static CompletedValue ValueOf(Symbol symbol, Type type, string placeholder)
    {
        string[] words = [.. symbol.GetCompletions(CompletionContext.Empty).Select(item => item.Label).Where(word => !word.StartsWith('-')).Distinct()];
        if (words.Length > 0) return new(CompletedKind.Words, words);
        if (Typed.Contains(placeholder) || (type != typeof(string) && type != typeof(string[]))) return CompletedValue.None;
        return new(placeholder is "RUN" or "folder" ? CompletedKind.Folders : CompletedKind.Files, []);
    }

    private static string FirstLine(string? text) => PlainLine.Of((text ?? "").Split('\n')[0]);
}
