using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Cli;

/// <summary>
/// The options that make up the settings of a run, as <c>genq run</c> and <c>genq passages</c> take them: a preset, under a file of settings,
/// under flags. The everyday settings have flags of their own, every other is given with --set.
/// </summary>
internal sealed class RunOptions
{
    // Everyday flags, and the settings that they stand for.
    private static readonly (string Flag, string Setting)[] Everyday =
    [
        ("--generator", "generator"), ("--base", "base"), ("--labelled", "labelled"), ("--queries", "query.count"), ("--holdout", "holdout"),
        ("--precision", "precision"), ("--seed", "seed"), ("--judge", "query.judge"), .. WriterOptions.Flags,
    ];

    private readonly Argument<string[]> _documents = new("DOCS")
    {
        Description = "Files, folders, patterns; dotnet:NAME is the documentation of a .NET assembly, a .jsonl file a corpus.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _output = new("--output", "-o") { Description = "The run folder; it must be given.", HelpName = "RUN" };
    private readonly Option<string?> _squad = new("--squad") { Description = "A SQuAD v1.1 file in place of DOCS.", HelpName = "file" };
    private readonly Option<string?> _beir = new("--beir") { Description = "A BEIR folder in place of DOCS; its queries measure.", HelpName = "folder" };
    private readonly Option<string?> _file = new("--settings") { Description = "A JSON file of settings, such as a run's genq.json.", HelpName = "file" };
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Another setting, as training.epochs=3; see genq settings.",
        HelpName = "name=value",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly (Setting Setting, Option Flag)[] _everyday = [.. Everyday.Select(flag => SettingFlag.Everyday(flag.Flag, flag.Setting))];

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_documents);
        _set.CompletionSources.Add(_ => SettingsSchema<GenQSettings>.All.Select(setting => new CompletionItem($"{setting.Name}=")));
        foreach (Option option in (Option[])[_output, CommonOptions.Preset, .. _everyday.Select(own => own.Flag), _squad, _beir, _set, _file, CommonOptions.Threads])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            bool[] sources = [result.GetValue(_documents) is { Length: > 0 }, result.GetValue(_squad) is not null, result.GetValue(_beir) is not null];
            if (result.GetValue(_output) is null) result.AddError("Option '--output' is required.");
            if (sources.Count(isGiven => isGiven) != 1) result.AddError("Give either documents, or --squad FILE, or --beir FOLDER.");
            foreach (string word in (result.GetValue(_documents) ?? []).Where(word => word.StartsWith("--", StringComparison.Ordinal) && !Path.Exists(word)))
                result.AddError($"There is no option {word}.{SettingOf(word)}");
            foreach (string given in result.GetValue(_set) ?? [])
            {
                try
                {
                    Parse(given);
                }
                catch (Exception e) when (e is FormatException or GenQException)
                {
                    result.AddError($"--set {e.Message}");
                }
            }
        });
    }

    /// <summary>The run folder.</summary>
    public string Output(ParseResult parsed) => parsed.GetValue(_output)!;

    /// <summary>The settings that were asked for.</summary>
    /// <exception cref="GenQException">The file of settings cannot be read, or says what no setting takes.</exception>
    public GenQSettings Settings(ParseResult parsed)
    {
        JsonObject flags = [];
        foreach (string given in parsed.GetValue(_set) ?? [])
        {
            (Setting setting, JsonNode? value) = Parse(given);
            SettingsSchema<GenQSettings>.Put(flags, setting, value);
        }

        foreach ((Setting setting, Option flag) in _everyday) SettingFlag.Put<GenQSettings>(parsed, flags, setting, flag);
        CorpusSource corpus = parsed.GetValue(_squad) is { } squad ? CorpusSource.Squad(Located(squad))
            : parsed.GetValue(_beir) is { } beir ? CorpusSource.Beir(Located(beir))
            : CorpusSource.Documents(parsed.GetValue(_documents)!);
        JsonObject[] values = parsed.GetValue(_file) is { } file ? [ReadFile(file), flags] : [flags];
        GenQSettings settings = CommonOptions.PresetOf(parsed).Under(corpus, values);

        // The stages may be called from other folders, where a path such as models/mine would be a name on the hub.
        return settings with
        {
            Generator = Located(settings.Generator),
            Base = Located(settings.Base),
            Labelled = settings.Labelled is { } labelled ? Located(labelled) : null,
            Chat = WriterOptions.Located(settings.Chat),
        };
    }

    /// <summary>How a setting is given on the command line: "--holdout 0.1" or "--set query.crops=0".</summary>
    public static string FlagOf(string setting, string? value)
    {
        string? flag = Everyday.FirstOrDefault(own => own.Setting == setting).Flag;
        return flag is null ? $"--set {setting}={value ?? "…"}" : value is null ? $"{flag} …" : $"{flag} {value}";
    }

    // What is no everyday setting has no flag of its own.
    private static string SettingOf(string flag)
    {
        string name = flag[2..].Split('=')[0];
        string[] settings = [.. SettingsSchema<GenQSettings>.All.Where(setting => setting.ShortName == name || setting.Alias == name).Select(setting => $"--set {setting.Name}=…")];
        return settings.Length == 0 ? "" : $" Give the setting with {string.Join(" or ", settings)}.";
    }

    private static string Located(string path) => Path.Exists(path) ? Path.GetFullPath(path) : path;

    private static (Setting Setting, JsonNode? Value) Parse(string given)
    {
        int equals = given.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw new FormatException($"takes name=value, got {given}.");
        Setting setting = SettingsSchema<GenQSettings>.Named(given[..equals]);
        try
        {
            return (setting, setting.Parse(given[(equals + 1)..]));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{setting.Name} {e.Message}", e);
        }
    }

    // The documents are named on the command line.
    private static JsonObject ReadFile(string file)
    {
        try
        {
            JsonObject root = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            JsonObject settings = OldSettings.Renew(root["settings"] as JsonObject ?? root).DeepClone().AsObject();
            settings.Remove("corpus");
            return settings;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{file}' should hold a JSON object of settings: {e.Message} 'genq settings --json' prints one with the defaults.", e);
        }
    }
}
