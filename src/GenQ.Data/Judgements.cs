using System.Text.Json;

namespace GenQ.Data;

/// <summary>
/// What people have judged of a run, in <see cref="RunFolder.Labelled"/>: answers marked right or wrong, generated queries rejected, queries of their own.
/// The next run measures on the answers, leaves out what is rejected, and trains on what was added.
/// </summary>
/// <remarks>
/// Thread-safe, and several programs may judge one run. Every change is on the disk when its method returns. Queries are kept in one line, as pair files keep
/// them. What is changed by hand is read at the next question.
/// </remarks>
public sealed class Judgements
{
    // Who judges waits so long for another program that judges the same run.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    // Of each kind. More than people judge; each change writes its file anew, and a search page may be open to strangers.
    private const int Most = 20_000;

    private readonly RunFolder _run;
    private readonly Lock _lock = new();
    private (DateTime, DateTime, DateTime) _read;
    private List<MarkedAnswer> _answers = [];
    private List<PassageQuery> _rejected = [], _added = [];

    private Judgements(RunFolder run)
    {
        _run = run;
        Load();
    }

    /// <summary>The answers that were marked, the oldest first; of a query and a passage there is one at most.</summary>
    public IReadOnlyList<MarkedAnswer> Answers => Current(() => _answers);

    /// <summary>The generated queries that were rejected, the oldest first.</summary>
    public IReadOnlyList<PassageQuery> Rejected => Current(() => _rejected);

    /// <summary>The queries that people wrote, the oldest first.</summary>
    public IReadOnlyList<PassageQuery> Added => Current(() => _added);

    /// <summary>Reads what is there; a run that nobody has judged has none of it.</summary>
    /// <param name="run">The run folder.</param>
    /// <exception cref="GenQException">A file is damaged; the message names file and line.</exception>
    public static Judgements Open(RunFolder run) => new(run);

    /// <summary>Says whether a passage answers a query; what was said of the two before is forgotten.</summary>
    /// <param name="query">What was asked; it may not be empty.</param>
    /// <param name="passage">The passage's id.</param>
    /// <param name="isRight">Whether it answers; <see langword="null"/> takes the judgement back.</param>
    /// <exception cref="GenQException">The query is empty, there are 20,000 of them already, or the file cannot be written; nothing has changed then.</exception>
    public void Mark(string query, string passage, bool? isRight)
    {
        string asked = OneLine(query);
        lock (_lock)
        {
            using LockFile held = Hold();
            Load();
            List<MarkedAnswer> answers = [.. _answers.Where(answer => (answer.Query, answer.Passage) != (asked, passage))];
            if (isRight is { } right) AddTo(answers, new MarkedAnswer(asked, passage, right), AnswersFile);
            JsonLine.Write(AnswersFile, answers, static (json, answer) =>
            {
                json.WriteString("query", answer.Query);
                json.WriteString("passage", answer.Passage);
                json.WriteBoolean("right", answer.IsRight);
            });
            (_answers, _read) = (answers, Stamp());
        }
    }

    /// <summary>Keeps a generated query out of training and measurement.</summary>
    /// <inheritdoc cref="Add"/>
    public void Reject(string passage, string query) => Change(() => _rejected, changed => _rejected = changed, RejectedFile, passage, query, isWanted: true);

    /// <summary>Takes a rejection back.</summary>
    /// <inheritdoc cref="Add"/>
    public void Restore(string passage, string query) => Change(() => _rejected, changed => _rejected = changed, RejectedFile, passage, query, isWanted: false);

    /// <summary>Adds a query that a person has written. It trains; or it measures, where its passage is set aside.</summary>
    /// <param name="passage">The passage's id.</param>
    /// <param name="query">The query; it may not be empty.</param>
    /// <exception cref="GenQException">The query is empty, there are 20,000 of them already, or the file cannot be written; nothing has changed then.</exception>
    public void Add(string passage, string query) => Change(() => _added, changed => _added = changed, AddedFile, passage, query, isWanted: true);

    /// <summary>Takes a query away that a person has written.</summary>
    /// <inheritdoc cref="Add"/>
    public void Remove(string passage, string query) => Change(() => _added, changed => _added = changed, AddedFile, passage, query, isWanted: false);

    private string AnswersFile => Path.Combine(_run.Labelled, "answers.jsonl");

    private string RejectedFile => Path.Combine(_run.Labelled, "rejected.jsonl");

    private string AddedFile => Path.Combine(_run.Labelled, "added.jsonl");

    private void Change(Func<List<PassageQuery>> list, Action<List<PassageQuery>> replace, string file, string passage, string query, bool isWanted)
    {
        PassageQuery judged = new(passage, OneLine(query));
        lock (_lock)
        {
            using LockFile held = Hold();
            Load();
            if (list().Contains(judged) == isWanted) return;
            List<PassageQuery> changed = [.. list().Where(other => other != judged)];
            if (isWanted) AddTo(changed, judged, file);
            JsonLine.Write(file, changed, static (json, own) =>
            {
                json.WriteString("passage", own.Passage);
                json.WriteString("query", own.Query);
            });
            replace(changed);
            _read = Stamp();
        }
    }

    // A list is never changed once it is in place, so who has got it reads on in peace.
    private List<T> Current<T>(Func<List<T>> list)
    {
        lock (_lock)
        {
            if (_read != Stamp()) Load();
            return list();
        }
    }

    // Of what stands twice the last counts, as it does where people change their minds.
    private void Load()
    {
        (DateTime, DateTime, DateTime) read = Stamp();
        _answers = [.. Read(AnswersFile, line => new MarkedAnswer(line.Text("query"), line.Text("passage"), IsRight(line))).GroupBy(answer => (answer.Query, answer.Passage), (_, same) => same.Last())];
        _rejected = [.. Read(RejectedFile, PassageQueryOf).Distinct()];
        _added = [.. Read(AddedFile, PassageQueryOf).Distinct()];
        _read = read;
    }

    private (DateTime, DateTime, DateTime) Stamp() => (File.GetLastWriteTimeUtc(AnswersFile), File.GetLastWriteTimeUtc(RejectedFile), File.GetLastWriteTimeUtc(AddedFile));

    // Two programs that wrote at once would each lose what the other has added.
    private LockFile Hold()
    {
        if (!Directory.Exists(_run.Path)) throw new GenQException($"There is no run '{_run.Path}' any more: nothing was judged.") { Where = _run.Path };
        string file = Path.Combine(_run.Labelled, "judging.lock");
        try
        {
            Directory.CreateDirectory(_run.Labelled);
            for (long began = Environment.TickCount64; ; Thread.Sleep(10))
            {
                if (LockFile.TryTake(file, "judge") is { } held) return held;
                if (Environment.TickCount64 - began > LongestWait.TotalMilliseconds)
                    throw new GenQException($"Another program judges the run '{_run.Path}' and does not let go of '{file}': nothing was judged. Try it again, or end that program.") { Where = file };
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WriteError.Of(_run.Labelled, e);
        }
    }

    private static void AddTo<T>(List<T> judgements, T judged, string file)
    {
        if (judgements.Count >= Most)
            throw new GenQException(FormattableString.Invariant($"'{file}' holds {judgements.Count:N0} judgements, and no more are taken: nothing was judged. Take away there what is no longer wanted.")) { Where = file };
        judgements.Add(judged);
    }

    private static string OneLine(string query) => string.IsNullOrWhiteSpace(query)
        ? throw new GenQException("The query is empty: there is nothing to judge.")
        : PairFiles.OneField(query).Trim();

    private static IEnumerable<T> Read<T>(string file, Func<JsonLine, T> read) => File.Exists(file) ? JsonLine.Read(file).Select(read) : [];

    private static PassageQuery PassageQueryOf(JsonLine line) => new(line.Text("passage"), line.Text("query"));

    private static bool IsRight(JsonLine line) => line.Root.TryGetProperty("right", out JsonElement right) && right.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? right.GetBoolean()
        : throw line.Error("has no \"right\" that is true or false");
}
