using System.Diagnostics;
using System.Globalization;
using GenQ.Data;
using Spectre.Console;

namespace GenQ.Cli;

/// <summary>
/// Shows long work on stderr: a moving bar on a terminal, plain lines at intervals in a log. Results go to stdout, which
/// stays clean.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(15);

    // What stands beside the words of a bar: the bar, per cent, the time left, and the space between them.
    private const int BarWidth = 24, BesideWords = BarWidth + 20, FewestWords = 20;

    // The terminal that shows bars: they redraw themselves over whatever is written past them.
    private static Terminal? _shown;

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly bool _isLive;
    private readonly TaskCompletionSource _finished = new();
    private Task? _display;
    private ProgressContext? _context;

    /// <summary>Looks at what stderr is.</summary>
    public Terminal() => _isLive = _console.Profile.Capabilities.Interactive && !Console.IsErrorRedirected;

    /// <summary>Prints a line, above the bars if there are any.</summary>
    public static void Say(string text)
    {
        // As wide as the terminal, since it is written over the bars, which then follow it.
        if (_shown is { } terminal) terminal._console.Write(new Padder(new Spectre.Console.Text(text), new Padding(0)).Expand());
        else Console.Error.WriteLine(text);
    }

    /// <summary>Makes a receiver of progress.</summary>
    /// <param name="stage">What is being done.</param>
    /// <param name="read">Says how much is done, of how much, in words, and whether this report must be seen.</param>
    public IProgress<T> Progress<T>(string stage, Func<T, (long Done, long Total, string Words, bool Always)> read) => new Stage<T>(this, stage, read);

    /// <summary>Makes a receiver of the pipeline's progress: a bar per stage, and messages between them.</summary>
    public IProgress<StageProgress> Stages()
    {
        Dictionary<string, IProgress<StageProgress>> stages = [];
        return new SynchronousProgress<StageProgress>(report =>
        {
            if (report.Total == 0)
            {
                Say(report.Words);
                return;
            }

            if (!stages.TryGetValue(report.Stage, out IProgress<StageProgress>? stage))
            {
                stage = Progress<StageProgress>(report.Stage, r => (r.Done, r.Total, r.Words, false));
                stages.Add(report.Stage, stage);
            }

            stage.Report(report);
        });
    }

    /// <summary>Leaves the last state of the bars on the screen.</summary>
    public void Dispose()
    {
        _finished.TrySetResult();
        _display?.Wait();
        if (_shown == this) _shown = null;
    }

    private ProgressTask AddBar(string stage)
    {
        if (_context is null)
        {
            TaskCompletionSource<ProgressContext> started = new();
            _display = _console.Progress()
                .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async context =>
                {
                    started.SetResult(context);
                    await _finished.Task;
                });
            _context = started.Task.Result;
            _shown = this;
        }

        return _context.AddTask(Markup.Escape(stage));
    }

    // A bar whose words take more than their line is pushed off the screen.
    private string Fit(string words)
    {
        int room = Math.Max(_console.Profile.Width - BesideWords, FewestWords), cut = room - 1;
        if (words.Length <= room) return words;
        return words[..(char.IsLowSurrogate(words[cut]) ? cut - 1 : cut)] + "…";
    }

    private sealed class Stage<T>(Terminal terminal, string name, Func<T, (long Done, long Total, string Words, bool Always)> read) : IProgress<T>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private ProgressTask? _bar;
        private TimeSpan _next;
        private long _first = -1;

        public void Report(T value)
        {
            (long done, long total, string words, bool always) = read(value);
            if (_first < 0) _first = done;
            if (terminal._isLive)
            {
                _bar ??= terminal.AddBar(name);
                _bar.MaxValue = total;
                _bar.Value = done;
                _bar.Description = Markup.Escape(terminal.Fit(words.Length == 0 ? name : $"{name}: {words}"));
                return;
            }

            if (!always && done < total && _clock.Elapsed < _next) return;
            _next = _clock.Elapsed + LineInterval;
            double rate = (done - _first) / Math.Max(_clock.Elapsed.TotalSeconds, 1e-3);
            TimeSpan rest = rate > 0 ? TimeSpan.FromSeconds((total - done) / rate) : TimeSpan.Zero;
            string left = rest > TimeSpan.Zero ? $", {(long)rest.TotalHours}:{rest:mm\\:ss} left" : "";
            Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"{name} {done:N0}/{total:N0}{left}") + (words.Length == 0 ? "" : $" | {words}"));
        }
    }
}
