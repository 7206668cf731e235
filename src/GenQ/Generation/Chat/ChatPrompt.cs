using System.Text.RegularExpressions;
using GenQ.Data;
using GenQ.Models;

namespace GenQ.Generation;

/// <summary>
/// What a language model is told: a Markdown file that a person can read and replace. Its sections are System (who writes what, and how), Request
/// (what stands around the passages of a call), Kinds (a section below it for each kind of query, with what such a query is) and Judge.
/// <c>{{audience}}</c>, <c>{{kinds}}</c>, <c>{{examples}}</c>, <c>{{passages}}</c> and <c>{{form}}</c> stand for what each run and call puts there.
/// </summary>
internal sealed partial class ChatPrompt
{
    // A longer passage would crowd the others out of a small model's window.
    private const int MostLetters = 6000;

    private readonly Dictionary<string, string> _sections;
    private readonly Dictionary<string, string> _kinds;

    private ChatPrompt(string text, string where)
    {
        Text = text;
        _sections = Split(text, "# ");
        _kinds = Split(_sections.GetValueOrDefault("Kinds", ""), "## ");
        Require("System", "{{kinds}}");
        Require("Request", "{{passages}}");
        Require("Judge", "");
        if (_kinds.Count == 0) throw Wrong("no kind of query", "a section '# Kinds' with a heading '## name' for each kind of query");

        void Require(string section, string placeholder)
        {
            if (!_sections.TryGetValue(section, out string? content) || !content.Contains(placeholder, StringComparison.Ordinal))
                throw Wrong($"no section '# {section}'{(placeholder.Length == 0 ? "" : $" with {placeholder}")}", $"a section '# {section}'");
        }

        GenQException Wrong(string what, string expected) => new($"The prompt '{where}' has {what}. It has to have the sections of GenQ's own, ChatPrompt.md.")
        {
            Where = where,
            Expected = expected,
            Got = string.Join(", ", _sections.Keys.Select(name => $"# {name}")),
        };
    }

    /// <summary>The file, word for word.</summary>
    public string Text { get; }

    /// <summary>The kinds of query that it describes, one of each.</summary>
    public IReadOnlyList<QueryTask> Kinds => [.. _kinds.Keys.Select(name => new QueryTask(name, "", 1))];

    /// <summary>Reads a prompt.</summary>
    /// <param name="file">A file of a person's own; <see langword="null"/> takes GenQ's.</param>
    /// <exception cref="GenQException">The file cannot be read, or lacks a section.</exception>
    public static ChatPrompt Load(string? file)
    {
        if (file is not null) return new ChatPrompt(string.Join('\n', InputFile.Lines(file).Select(line => line.Line)), file);
        using StreamReader reader = new(typeof(ChatPrompt).Assembly.GetManifestResourceStream("ChatPrompt.md")!);
        return new ChatPrompt(reader.ReadToEnd().ReplaceLineEndings("\n"), "ChatPrompt.md");
    }

    /// <summary>What the model is told before the passages of a call: it is the same for all calls, so that a service may keep it.</summary>
    /// <param name="asked">The kinds, and how many of each.</param>
    /// <param name="audience">Who searches, for what.</param>
    /// <param name="examples">Queries that people asked, with their passages.</param>
    public string System(IReadOnlyList<QueryTask> asked, string? audience, IReadOnlyList<QueryPassagePair> examples)
    {
        string kinds = string.Join('\n', asked.Select(kind => $"- \"{Property(kind.Name)}\", {kind.Count} of it: {_kinds[kind.Name].ReplaceLineEndings(" ")}"));
        return Fill(_sections["System"], ("kinds", kinds), ("audience", audience is null ? "" : $"Who searches: {audience}\n"), ("examples", Examples(examples)));
    }

    /// <summary>What the model is asked in one call.</summary>
    /// <param name="asked">The kinds, and how many of each.</param>
    /// <param name="passages">The passages of the call.</param>
    public string Request(IReadOnlyList<QueryTask> asked, IReadOnlyList<Passage> passages) => Fill(
        _sections["Request"], ("passages", string.Join('\n', passages.Select((passage, i) => Numbered(i, passage)))), ("form", ChatForm.Example(asked)));

    /// <summary>What the judge is told.</summary>
    public string Judge => _sections["Judge"];

    /// <summary>What the judge is asked in one call.</summary>
    /// <param name="passages">Passages, each with its queries.</param>
    public static string JudgeRequest(IReadOnlyList<(Passage Passage, IReadOnlyList<string> Queries)> passages) => string.Join('\n', passages.Select((judged, i)
        => $"{Numbered(i, judged.Passage)}\nIts queries:\n{string.Join('\n', judged.Queries.Select((query, n) => $"{n + 1}. {query}"))}\n"))
        + $"\nAnswer with JSON alone, in this form: {ChatForm.RatingsExample}";

    /// <summary>A kind's name as a property of an answer: "in_other_words".</summary>
    public static string Property(string kind) => kind.Replace(' ', '_');

    // A passage that holds the mark of its own end would end early.
    private static string Numbered(int place, Passage passage)
    {
        string text = UnicodeText.Cut(passage.SearchText, MostLetters);
        return $"<passage number=\"{place + 1}\">\n{text.Replace("</passage>", "", StringComparison.OrdinalIgnoreCase)}\n</passage>";
    }

    private static string Examples(IReadOnlyList<QueryPassagePair> examples) => examples.Count == 0
        ? ""
        : "\nSuch queries people have asked here, with the passage that they wanted:\n"
            + string.Concat(examples.Select(pair => $"\n<passage>\n{pair.Passage}\n</passage>\nQuery: {pair.Query}\n"));

    private static string Fill(string template, params ReadOnlySpan<(string Name, string Value)> values)
    {
        Dictionary<string, string> known = [];
        foreach ((string name, string value) in values) known[name] = value;

        // In one pass: what is put in may itself look like a place to fill.
        return Placeholder().Replace(template, match => known.GetValueOrDefault(match.Groups[1].Value, match.Value)).Trim();
    }

    private static Dictionary<string, string> Split(string text, string mark)
    {
        Dictionary<string, string> sections = [];
        string? name = null;
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(mark, StringComparison.Ordinal)) sections[name = line[mark.Length..].Trim()] = "";
            else if (name is not null) sections[name] += line + "\n";
        }

        return sections.ToDictionary(section => section.Key, section => section.Value.Trim());
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Placeholder();
}
