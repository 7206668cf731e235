using System.CommandLine;
using System.Text.Json.Nodes;
using GenQ.Data;
using GenQ.Generation;

namespace GenQ.Cli;

/// <summary>The options of a language model that writes the queries: which one, where, and what it is told.</summary>
internal sealed class WriterOptions
{
    private readonly (Setting Setting, Option Flag)[] _flags = [.. Flags.Select(flag => SettingFlag.Everyday(flag.Flag, flag.Setting))];

    /// <summary>The flags, and the settings that they stand for.</summary>
    public static (string Flag, string Setting)[] Flags { get; } =
    [
        ("--writer", "chat.writer"), ("--writer-url", "chat.url"), ("--audience", "chat.audience"), ("--examples", "chat.examples"), ("--prompt", "chat.prompt"),
    ];

    /// <summary>Agrees to what would be asked.</summary>
    public static Option<bool> Yes { get; } = new("--yes") { Description = "Send passages to a hosted writer without asking." };

    /// <summary>All flags.</summary>
    public IEnumerable<Option> All => _flags.Select(own => own.Flag);

    /// <summary>Whether a help of one screen leaves a flag out: <c>genq settings</c> lists what it stands for.</summary>
    public static bool IsRare(string flag) => flag is "--examples" or "--prompt" or "--judge";

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option flag in All) command.Options.Add(flag);
        command.Options.Add(Yes);
    }

    /// <summary>What was asked for.</summary>
    public ChatWriterOptions Read(ParseResult parsed)
    {
        JsonObject values = [];
        foreach ((Setting setting, Option flag) in _flags) SettingFlag.Put<GenQSettings>(parsed, values, setting, flag);
        return Located(SettingsSchema<GenQSettings>.With(new GenQSettings(), values).Chat);
    }

    /// <summary>The same with whole paths, since a run may be gone on with from another folder.</summary>
    public static ChatWriterOptions Located(ChatWriterOptions options) => options with
    {
        Examples = options.Examples is { } examples ? Path.GetFullPath(examples) : null,
        Prompt = options.Prompt is { } prompt ? Path.GetFullPath(prompt) : null,
    };
}
