using System.Diagnostics;
using System.Globalization;
using GenQ.Data;
using Spectre.Console;
using Line = Spectre.Console.Text;

namespace GenQ.Cli;

/// <summary>
/// Shows long work on stderr: on a terminal a list of what is done, and below it one line that moves; in a log plain lines at intervals. Results go to
/// stdout, which stays clean.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private const int WidestList = 96, NameColumns = 9, Indent = 2;

    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(15);
    private static readonly Style Dim = new(decoration: Decoration.Dim);

    // The terminal that shows a moving line: it redraws itself below whatever is written past it.
    private static Terminal? _shown;

    private readonly IAnsiConsole _console;
    private readonly bool _isLive;
    private readonly LiveLine _line = new();
    private readonly TaskCompletionSource _finished = new();
    private readonly Dictionary<string, Stopwatch> _begun = [];
    private readonly HashSet<string> _ended = [];
    private Task? _display;

    /// <summary>Looks at what stderr is.</summary>
    public Terminal()
        : this(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }))
    {
    }

    /// <summary>Shows the work on a console.</summary>
    internal Terminal(IAnsiConsole console)
        => (_console, _isLive) = (console, console.Profile.Out.IsTerminal && console.Profile.Capabilities is { Interactive: true, Ansi: true });

    /// <summary>Prints lines on stderr, above the moving one if there is one.</summary>
    public static void Say(string text)
    {
        foreach (string line in text.Split('\n').Select(PlainLine.Of))
        {
            if (_shown is { } terminal) terminal.Write(new Line(line, terminal._begun.Count > 0 ? Dim : Style.Plain), terminal._begun.Count > 0 ? Indent : 0);
            else Console.Error.WriteLine(line);
        }
    }

    /// <summary>Prints a paragraph on stdout: in lines that a terminal has place for, elsewhere in one.</summary>
    /// <param name="text">The words, which may be a stranger's.</param>
    /// <param name="indent">How many columns stand free before each line.</param>
    /// <param name="style">How it looks on a terminal.</param>
    /// <param name="styled">How many of its characters look so; all where it is left out.</param>
    public static void Print(string text, int indent = 0, Style? style = null, int? styled = null)
    {
        string line = PlainLine.Of(text);
        int apart = Math.Clamp(styled ?? line.Length, 0, line.Length);
        if (Output() is { } console) console.Write(new Padder(new Paragraph(line[..apart], style ?? Style.Plain).Append(line[apart..]), new Padding(indent, 0, 0, 0)));
        else Console.WriteLine(new string(' ', indent) + line);
    }

    /// <summary>Prints a mark, a name and a paragraph on stdout; on a terminal the paragraph hangs beside the name.</summary>
    public static void PrintHanging((string Text, Style Style) mark, string name, string text, Style? style = null)
    {
        string line = PlainLine.Of(text);
        if (Output() is { } console)
        {
            Grid grid = new Grid().AddColumn(Part()).AddColumn(Part()).AddColumn(new GridColumn { Padding = new Padding(0) });
            console.Write(grid.AddRow(new Line(mark.Text, mark.Style), new Line(name, new Style(decoration: Decoration.Bold)), new Line(line, style ?? Style.Plain)));
        }
        else
        {
            Console.WriteLine($"{mark.Text} {name} {line}".TrimEnd());
        }

        static GridColumn Part() => new() { NoWrap = true, Padding = new Padding(0, 0, 1, 0) };
    }

    /// <summary>Makes a receiver of progress.</summary>
    /// <param name="name">What is being done.</param>
    /// <param name="read">Says how much is done, of how much, in words, and whether a log must have this report.</param>
    public IProgress<T> Progress<T>(string name, Func<T, (long Done, long Total, string Words, bool Always)> read)
    {
        Work work = new(this, name);
        return new SynchronousProgress<T>(report =>
        {
            (long done, long total, string words, bool always) = read(report);
            work.Report(done, total, PlainLine.Of(words), always);
        });
    }

    /// <summary>Makes a receiver of the pipeline's progress: a line for each stage that is done, and messages between them.</summary>
    public IProgress<StageProgress> Stages()
    {
        Dictionary<string, Work> parts = [];
        return new SynchronousProgress<StageProgress>(report =>
        {
            switch (report.Moment)
            {
                case StageMoment.Said:
                    Say(report.Words);
                    break;
                case StageMoment.Begun:
                    _begun[report.Stage] = Stopwatch.StartNew();
                    Show(new LiveLine.Part(report.Stage, 0, 0, null, ""));
                    break;
                case StageMoment.Finished:
                    End(report.Stage, report.Words, Columns.Of(_begun[report.Stage].Elapsed));
                    break;
                case StageMoment.WasThere when !_ended.Contains(report.Stage):
                    End(report.Stage, report.Words, "made before");
                    break;
                case StageMoment.Working:
                    if (!parts.TryGetValue(report.Stage, out Work? part)) parts.Add(report.Stage, part = new Work(this, report.Stage));
                    part.Report(report.Done, report.Total, PlainLine.Of(report.Words), false);
                    break;
            }
        });
    }

    /// <summary>Takes the moving line away, and names the stages that have not come to their end.</summary>
    public void Dispose()
    {
        if (_display is not null && !_finished.Task.IsCompleted)
        {
            foreach (KeyValuePair<string, Stopwatch> stage in _begun.Where(stage => !_ended.Contains(stage.Key))) WriteStage(new Style(Color.Yellow), "–", stage.Key, "not finished", Columns.Of(stage.Value.Elapsed));
            _line.Show(null);
        }

        _finished.TrySetResult();
        _display?.Wait();
        if (_shown == this && _ended.Count > 0) _console.WriteLine();
        if (_shown == this) _shown = null;
    }

    // Stdout where it is a terminal.
    private static IAnsiConsole? Output()
        => !Console.IsOutputRedirected && AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) }) is { Profile.Out.IsTerminal: true } console ? console : null;

    private void End(string stage, string totals, string time)
    {
        _ended.Add(stage);
        if (!_isLive)
        {
            Say($"{stage}: {totals} ({time})");
            return;
        }

        Show(null);
        WriteStage(new Style(Color.Green), "✓", stage, totals, time);
    }

    private void WriteStage(Style markStyle, string mark, string stage, string totals, string time)
    {
        // The last column stays free, as in the line that moves.
        int room = Math.Min(_console.Profile.Width - 1, WidestList) - 2 - NameColumns - 1 - time.Length - 1;
        string fit = Columns.Fit(PlainLine.Of(totals), Math.Max(room, 0));
        Paragraph line = new();
        line.Append(_console.Profile.Capabilities.Unicode ? mark : "+", markStyle);
        line.Append(" " + stage.PadRight(NameColumns), new Style(decoration: Decoration.Bold));
        line.Append(" " + fit + new string(' ', Math.Max(room - fit.GetCellWidth(), 0) + 1));
        line.Append(time, Dim);
        Write(line, 0);
    }

    // As wide as the terminal, since it is written over the line that moves, which then follows it.
    private void Write(Spectre.Console.Rendering.IRenderable line, int indent) => _console.Write(new Padder(line, new Padding(indent, 0, 0, 0)).Expand());

    private void Show(LiveLine.Part? part)
    {
        if (!_isLive) return;
        _line.Show(part);
        if (_display is not null) return;
        _display = _console.Progress().AutoClear(true).ExcludeVerticalPadding().UseRenderHook((_, _) => _line).StartAsync(async context =>
        {
            // What is drawn is the line alone, but without a task nothing is.
            context.AddTask("work");
            await _finished.Task;
        });
        _shown = this;
    }

    /// <summary>A part of the work that counts its units.</summary>
    private sealed class Work(Terminal terminal, string name)
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private TimeSpan _next;
        private long _first = -1;
        private bool _isEnded;

        public void Report(long done, long total, string words, bool always)
        {
            if (_first < 0) _first = done;
            double rate = (done - _first) / Math.Max(_clock.Elapsed.TotalSeconds, 1e-3);
            TimeSpan? left = rate > 0 && done < total ? TimeSpan.FromSeconds((total - done) / rate) : null;
            if (terminal._isLive)
            {
                terminal.Show(new LiveLine.Part(name, done, total, left, words));
                if (done >= total && !_isEnded && terminal._begun.Count == 0) terminal.End(name, words, Columns.Of(_clock.Elapsed));
                _isEnded = done >= total;
                return;
            }

            if (!always && done < total && _clock.Elapsed < _next) return;
            _next = _clock.Elapsed + LineInterval;
            Say(string.Create(CultureInfo.InvariantCulture, $"{name} {done:N0}/{total:N0}") + (left is { } time ? $", {Columns.Of(time)} left" : "") + (words.Length == 0 ? "" : $" | {words}"));
        }
    }
}
