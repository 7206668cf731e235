using System.CommandLine;
using GenQ.Cli;
using GenQ.Training;

namespace GenQ.Tests.Cli;

public sealed class SettingFlagsTests
{
    [Theory]
    [InlineData("", null, 2000)]
    [InlineData("--scale-by-rms", true, 2000)]
    [InlineData("--scale-by-rms false --steps 7", false, 7)]
    public void What_is_not_given_keeps_its_default(string arguments, bool? byRms, int steps)
    {
        SettingFlags<GeneratorTrainerOptions> flags = new();
        Command command = new("train");
        flags.AddTo(command);
        ParseResult parsed = command.Parse(arguments);
        Assert.Empty(parsed.Errors);
        GeneratorTrainerOptions options = flags.Read(parsed);
        Assert.Equal((byRms, steps), (options.ScaleByRms, options.Steps));
    }

    [Fact]
    public void A_flag_may_have_a_shorter_name()
    {
        SettingFlags<GeneratorTrainerOptions> flags = new();
        Command command = new("train");
        flags.AddTo(command);
        GeneratorTrainerOptions options = flags.Read(command.Parse("--fp16 --max-input 64"));
        Assert.Equal((true, 64), (options.HalfWeights, options.MaxInputLength));
    }
}
