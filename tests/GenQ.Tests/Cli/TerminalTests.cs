using System.Text;
using System.Text.RegularExpressions;
using GenQ.Cli;
using Spectre.Console;
using Columns = GenQ.Cli.Columns;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed partial class TerminalTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(24)]
    [InlineData(40)]
    [InlineData(58)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void The_line_that_moves_never_fills_the_last_column(int columns)
    {
        string[] words = ["", "\"how do I mount a disk\"", "\"ディスクをマウントするにはどうすればよいですか\"", new string('w', 300)];
        foreach (string name in (string[])["training", "finding the queries' passages"])
        {
            foreach (string said in words)
            {
                foreach (TimeSpan? left in (TimeSpan?[])[null, TimeSpan.FromSeconds(8), TimeSpan.FromHours(30)])
                {
                    LiveLine.Part part = new(name, 450, 1000, left, said);
                    Assert.InRange(string.Concat(LiveLine.Compose(part, columns, isUnicode: true).Select(piece => piece.Text)).GetCellWidth(), 1, columns - 1);
                }
            }
        }
    }

    [Theory]
    [InlineData(40, "◌ writing queries  45%  2:10 left")]
    [InlineData(70, "◌ writing queries  ━━━━━───────  45%  2:10 left  \"how do I write ind…")]
    [InlineData(80, "◌ writing queries  ━━━━━───────  45%  2:10 left  \"how do I write indented json\"")]
    [InlineData(120, "◌ writing queries  ━━━━━━━━━━──────────────  45%  2:10 left  \"how do I write indented json\"")]
    public void The_line_that_moves_has_what_it_has_place_for(int columns, string expected)
    {
        LiveLine.Part part = new("writing queries", 45, 100, TimeSpan.FromSeconds(130), "\"how do I write indented json\"");
        Assert.Equal(expected, string.Concat(LiveLine.Compose(part, columns, isUnicode: true).Select(piece => piece.Text)));
    }

    [Fact]
    public void Without_Unicode_the_line_is_of_ASCII()
        => Assert.All(string.Concat(LiveLine.Compose(new("training", 1, 2, null, "loss"), 120, isUnicode: false).Select(piece => piece.Text)), c => Assert.True(char.IsAscii(c)));

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void A_terminal_lists_the_stages_that_are_done_and_breaks_no_line(int columns)
    {
        string[] lines = Shown(columns, isAnsi: true, stages =>
        {
            stages.Report(new("passages", 0, 0, "2,812 passages of 41 documents", StageMoment.WasThere));
            stages.Report(new("filter", 0, 0, "", StageMoment.Begun));
            stages.Report(new("finding the queries' passages", 5, 10, "\"a \e[31mred\e[0m  query\n of\ttwo lines\"", StageMoment.Working));
            stages.Report(new("", 0, 0, "a message", StageMoment.Said));
            stages.Report(new("filter", 0, 0, "4,294 of 14,400 pairs kept, and so many words that no terminal has place for them, whoever sits before it and however wide it is", StageMoment.Finished));
            stages.Report(new("filter", 0, 0, "4,294 of 14,400 pairs kept", StageMoment.WasThere));
        });
        Assert.All(lines, line => Assert.InRange(line.GetCellWidth(), 0, columns));
        Assert.Equal(["passages", "filter"], lines.Where(line => line.StartsWith("✓ ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]));
        Assert.Contains(lines, line => line.TrimEnd().EndsWith(" made before", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.TrimEnd() == "  a message");
    }

    [Fact]
    public void A_stage_that_has_failed_is_named()
    {
        string[] lines = Shown(80, isAnsi: true, stages => stages.Report(new("train", 0, 0, "", StageMoment.Begun)));
        Assert.Contains(lines, line => line.StartsWith("– train     not finished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_log_has_plain_lines_without_escapes()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", () =>
        {
            using Terminal terminal = new();
            IProgress<StageProgress> stages = terminal.Stages();
            stages.Report(new("filter", 0, 0, "", StageMoment.Begun));
            stages.Report(new("reading", 5, 10, "\"a \e[31mred\e[0m  query\"", StageMoment.Working));
            stages.Report(new("filter", 0, 0, "3 of 4 pairs kept", StageMoment.Finished));
            stages.Report(new("train", 0, 0, "9 steps", StageMoment.WasThere));
            return Task.FromResult(0);
        });
        Assert.Equal(["reading 5/10 | \"a red query\"", "filter: 3 of 4 pairs kept (0 s)", "train: 9 steps (made before)", ""], run.Error.Split('\n'));
    }

    [Theory]
    [InlineData(0.2, "0 s")]
    [InlineData(8, "8 s")]
    [InlineData(251, "4:11")]
    [InlineData(3723, "1:02:03")]
    public void Times_are_short(double seconds, string expected) => Assert.Equal(expected, Columns.Of(TimeSpan.FromSeconds(seconds)));

    // What a screen holds in the end is not asked, but every line that was ever sent to it.
    private static string[] Shown(int columns, bool isAnsi, Action<IProgress<StageProgress>> report)
    {
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new Screen(writer, columns),
            Ansi = isAnsi ? AnsiSupport.Yes : AnsiSupport.No,
            Interactive = InteractionSupport.Yes,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Capabilities.Unicode = true;
        using (Terminal terminal = new(console)) report(terminal.Stages());
        return [.. Movement().Replace(Colour().Replace(writer.ToString(), ""), "\n").Split('\n', '\r').Where(line => line.Length > 0)];
    }

    [GeneratedRegex(@"\e\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Movement();

    private sealed class Screen(TextWriter writer, int columns) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => columns;

        public int Height => 24;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
