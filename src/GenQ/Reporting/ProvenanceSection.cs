using System.Text.Json.Nodes;
using GenQ.Data;

namespace GenQ.Reporting;

/// <summary>With what a run was made: models, machine, settings, and how to make it again.</summary>
internal static class ProvenanceSection
{
    private const int LongestValue = 300;

    private static readonly string[] Stages = ["passages", "generate", "filter", "train", "index", "export", "evaluate"];

    /// <summary>The models, the stages, and the way to make the run again.</summary>
    /// <param name="settings">The run's settings.</param>
    /// <param name="records">Its genq.json.</param>
    /// <param name="precision">The precision that it was measured in.</param>
    /// <param name="invocation">How the run is made again; <see langword="null"/> where no interface says it.</param>
    public static Html Of(GenQSettings settings, RunRecords records, string precision, string? invocation) => Html.Of($"""
        <table>
        <thead><tr><th scope="col">model</th><th scope="col">name</th><th scope="col">hash</th></tr></thead>
        <tbody>
        {Model("query writer", settings.Chat.Writer ?? settings.Generator, records.Begun("generate", "generator"))}
        {(settings.Chat.Writer is null && settings.Judge is { } judge ? Model("judge of the queries", judge, records.Begun("generate", "judge")?.Split(',')[0]) : Html.Empty)}
        {Model("base", settings.Base, records.Begun("evaluate", "base") ?? records.Begun("passages", "base"))}
        {Model("adapted", "model/", records.Begun("evaluate", "model") ?? records.Begun("index", "model"))}
        </tbody>
        </table>
        <p>Computed in {precision}{((records.Begun("generate", "passages") ?? records.Begun("index", "passages")) is { } hash ? Html.Of($"; the hash of the passages is <code>{Html.Cut(hash, LongestValue)}</code>") : Html.Empty)}.</p>
        <details><summary>Stages, with their dates and what they depend on</summary>
        {Stages.Where(records.IsBegun).Select(stage => Stage(stage, records.Root[stage]!))}
        </details>
        <h3>Make it again</h3>
        {(invocation is null
            ? Html.Of($"<p>Give the settings in genq.json to a pipeline over another folder.</p>")
            : Html.Of($"""<pre tabindex="0" aria-label="command"><code>{invocation}</code></pre>"""))}
        <p class="muted">With the same documents, models, GenQ and precision the same queries are written and the same model comes out.</p>
        """);

    /// <summary>What differs from the preset, and all settings.</summary>
    public static Html Settings(GenQSettings settings)
    {
        PresetDifferences differences = PresetDifferences.Of(settings);
        return Html.Of($"""
            {(differences.Settings.Count == 0
                ? Html.Of($"<p>All settings are those of the preset {differences.Preset.Name}.</p>")
                : Html.Of($"""
                    <table>
                    <thead><tr><th scope="col">setting</th><th scope="col">value</th><th scope="col">preset {differences.Preset.Name}</th></tr></thead>
                    <tbody>{differences.Settings.Select(found => Html.Of($"""
                        <tr><th scope="row">{found.Setting.Name}</th><td><bdi>{Html.Cut(found.Value, LongestValue)}</bdi></td><td><bdi>{Html.Cut(found.Default, LongestValue)}</bdi></td></tr>
                        """))}</tbody>
                    </table>
                    """))}
            <details><summary>All settings</summary>
            <table>
            <thead><tr><th scope="col">setting</th><th scope="col">value</th><th scope="col">what it does</th></tr></thead>
            <tbody>{SettingsSchema<GenQSettings>.All.Select(setting => Html.Of($"""
                <tr><th scope="row">{setting.Name}</th><td><bdi>{Html.Cut(SettingsSchema<GenQSettings>.ValueOf(settings, setting), LongestValue)}</bdi></td><td>{setting.Help}</td></tr>
                """))}</tbody>
            </table>
            </details>
            """);
    }

    private static Html Model(string role, string name, string? hash) => Html.Of($"""
        <tr><th scope="row">{role}</th><td><bdi>{Html.Cut(name, LongestValue)}</bdi></td><td>{(hash is null ? Html.Of($"not kept") : Html.Of($"<code>{Html.Cut(hash, LongestValue)}</code>"))}</td></tr>
        """);

    private static Html Stage(string name, JsonNode record)
    {
        JsonNode? recorded = record["recorded"];
        return Html.Of($"""
            <h3>{name}</h3>
            <p>Begun {Text(recorded?["begun"])} by GenQ {Text(recorded?["version"])} on {Text(recorded?["threads"])} processors. The processor's features: {Features(recorded?["cpu"])}.</p>
            <table><tbody>{(record["identity"] as JsonObject ?? []).Select(part => Html.Of($"""
                <tr><th scope="row">{part.Key}</th><td><bdi>{Html.Cut(Text(part.Value), LongestValue)}</bdi></td></tr>
                """))}</tbody></table>
            """);
    }

    private static string Text(JsonNode? value) => value?.ToString() ?? "?";

    private static string Features(JsonNode? cpu)
    {
        string[] has = [.. (cpu as JsonObject ?? []).Where(feature => feature.Value?.GetValueKind() == System.Text.Json.JsonValueKind.True).Select(feature => feature.Key.Replace('_', ' '))];
        return has.Length == 0 ? "none that matter" : string.Join(", ", has);
    }
}
