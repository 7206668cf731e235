using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GenQ.Data;
using GenQ.Models;
using GenQ.Training;

namespace GenQ.Tests.Data;

public sealed class SettingsSchemaTests
{
    private static readonly string Sources = Path.Combine(Shared.Root, "src");

    [Fact]
    public void Settings_carry_the_names_of_their_groups_in_the_order_of_their_declaration()
    {
        string[] names = [.. SettingsSchema<GenQSettings>.All.Select(setting => setting.Name)];
        Assert.Equal(names.Distinct(), names);
        Assert.Equal(["labelled", "generator", "base"], names[..3]);
        Assert.Contains("query.top-k", names);
        Assert.Contains("training.batch-size", names);
        Assert.Single(names, name => name.EndsWith("seed", StringComparison.Ordinal));
        Assert.Single(names, name => name.EndsWith("precision", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("training.batch-size", "8", "8")]
    [InlineData("training.labels", "HARD", "hard")]
    [InlineData("training.max-steps", "none", "none")]
    [InlineData("training.learning-rate", "3e-5", "3E-05")]
    [InlineData("query.temperature", "0.5", "0.5")]
    [InlineData("filter", "false", "false")]
    [InlineData("seed", "-7", "-7")]
    public void A_value_is_read_as_it_is_typed(string name, string text, string value)
    {
        Setting setting = SettingsSchema<GenQSettings>.Named(name);
        JsonObject values = [];
        SettingsSchema<GenQSettings>.Put(values, setting, setting.Parse(text));
        Assert.Equal(value, SettingsSchema<GenQSettings>.ValueOf(SettingsSchema<GenQSettings>.With(new GenQSettings(), values), setting));
    }

    [Theory]
    [InlineData("""{"training": {"epochs": 0}}""", "training.epochs must be at least 1, got 0.")]
    [InlineData("""{"training": {"neighbors": 4}}""", "There is no setting 'training.neighbors'.")]
    [InlineData("""{"base_share": 0.5}""", "There is no setting 'base-share'. Do you mean training.base-share?")]
    [InlineData("""{"query": {"top_k": [1]}}""", "query.top-k must be at least 0, got [1].")]
    public void What_is_no_setting_or_no_value_is_told_by_name(string json, string message)
    {
        JsonObject values = JsonNode.Parse(json)!.AsObject();
        Assert.Equal(message, Assert.Throws<GenQException>(() => SettingsSchema<GenQSettings>.With(new GenQSettings(), values)).Message);
    }

    [Fact]
    public void Later_values_stand_over_earlier_ones_and_what_is_not_said_stays()
    {
        JsonObject file = JsonNode.Parse("""{"training": {"epochs": 5, "batch_size": 12}}""")!.AsObject(), flags = JsonNode.Parse("""{"training": {"epochs": 7}}""")!.AsObject();
        GenQSettings settings = Preset.Mini.Under(CorpusSource.Documents("docs"), file, flags);
        Assert.Equal((7, 12, 4), (settings.Training.Epochs, settings.Training.BatchSize, settings.Training.Neighbours));
        Assert.Equal(1, Preset.Published.Under(CorpusSource.None).Training.Epochs);
    }

    [Fact]
    public void Settings_that_decide_nothing_are_no_part_of_an_identity()
    {
        Dictionary<string, string> identity = SettingsSchema<BiEncoderTrainerOptions>.Identity(new() { CheckpointEvery = 7, MaxSteps = null });
        Assert.DoesNotContain("checkpoint every", identity.Keys);
        Assert.Equal(("24", "2E-05", "hard", ""), (identity["batch size"], identity["learning rate"], identity["labels"], identity["max steps"]));
    }

    [Fact]
    public void A_setting_that_came_later_is_part_of_an_identity_only_where_it_changes_something()
    {
        Assert.DoesNotContain("words weight", SettingsSchema<BiEncoderTrainerOptions>.Identity(new()).Keys);
        Assert.Equal("0.5", SettingsSchema<BiEncoderTrainerOptions>.Identity(new() { WordsWeight = 0.5 })["words weight"]);
    }

    [Fact]
    public void Every_setting_is_declared_once_in_the_sources()
    {
        Setting[] declared =
        [
            .. SettingsSchema<GenQSettings>.All, .. SettingsSchema<GeneratorTrainerOptions>.All, .. SettingsSchema<EncoderDistillerOptions>.All,
            .. SettingsSchema<DecodingOptions>.All, .. SettingsSchema<QueryJudgeTrainerOptions>.All,
        ];
        string[] files = Directory.GetFiles(Sources, "*.cs", SearchOption.AllDirectories);
        Dictionary<string, string> sources = files.ToDictionary(file => file, File.ReadAllText);
        string[] helps = [.. sources.Values.SelectMany(text => Regex.Matches(text, @"\[Setting\(\s*""((?:[^""\\]|\\.)*)""").Select(match => match.Groups[1].Value))];
        Assert.All(declared, setting => Assert.Contains(setting.Help, helps.Select(Regex.Unescape)));

        // No command names the flag of a setting itself, but for the everyday flags of a run, which stand in one table.
        string[] flags = [.. declared.Select(setting => $"\"--{setting.ShortName}\"").Distinct()];
        string[] everyday = ["\"--generator\"", "\"--base\"", "\"--labelled\"", "\"--holdout\"", "\"--precision\"", "\"--seed\"", "\"--count\"", "\"--kinds\"", "\"--judge\"", "\"--writer\"", "\"--audience\"", "\"--examples\"", "\"--prompt\"", "\"--from-scratch\"", "\"--batch-size\""];
        foreach ((string file, string text) in sources.Where(source => source.Key.Contains("GenQ.Cli", StringComparison.Ordinal)))
            Assert.DoesNotContain(flags.Except(everyday), flag => text.Contains(flag, StringComparison.Ordinal));
    }
}
