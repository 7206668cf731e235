using GenQ.Data;
using GenQ.Extensions;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;

namespace GenQ.Web;

/// <summary>
/// What the base of a run would find: the same search over the vectors that the base has made of the passages. The base is loaded in the background when it is
/// first asked.
/// </summary>
/// <param name="run">The run folder.</param>
/// <param name="adapted">The search by the adapted model, whose passages and words are searched.</param>
/// <param name="load">Loads the base.</param>
internal sealed class BaseSearch(RunFolder run, ReloadingSearch adapted, BaseEncoder load) : IDisposable
{
    // An answer that takes longer is asked for again: the page says meanwhile that the base is being loaded.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private IReadOnlyList<Passage>? _of;
    private Task<OpenRun>? _opening;

    /// <summary>Loads the base with torch: a run exports its adapted model alone.</summary>
    public static ISentenceEncoder LoadBase(GenQSettings settings) => BiEncoder.Load(settings.Base, new BiEncoderOptions { Precision = settings.Precision });

    /// <summary>Finds passages.</summary>
    /// <exception cref="Refusal">The base is not at hand, or not yet; the message says why.</exception>
    public async Task<SearchAnswer> SearchAsync(string query, SearchOptions options, CancellationToken cancellation)
    {
        while (true)
        {
            OpenRun open = await OpenAsync(cancellation);

            // Another version of the run may have come between the two lines.
            if (!open.TryEnter()) continue;
            try
            {
                return open.Searcher.Search(query, options);
            }
            finally
            {
                open.Leave();
            }
        }
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose()
    {
        lock (_lock) Retire();
    }

    private async Task<OpenRun> OpenAsync(CancellationToken cancellation)
    {
        try
        {
            return await Opening().WaitAsync(LongestWait, cancellation);
        }
        catch (TimeoutException)
        {
            throw new Refusal(StatusCodes.Status503ServiceUnavailable, "The base is being loaded: ask again in a moment.") { RetryAfter = 2 };
        }
        catch (GenQException e)
        {
            throw new Refusal(StatusCodes.Status404NotFound, $"The base is not at hand: {e.Message}");
        }
    }

    private Task<OpenRun> Opening()
    {
        lock (_lock)
        {
            // What has failed is tried again: somebody may have mended it.
            IReadOnlyList<Passage> passages = adapted.Passages;
            if (_opening is { IsFaulted: false } && ReferenceEquals(_of, passages)) return _opening;
            Retire();
            _of = passages;
            return _opening = Task.Run(() => new OpenRun(Open(), RunVersion.Of(run), DateTimeOffset.UtcNow));
        }
    }

    private void Retire() => _opening?.ContinueWith(opened => opened.Result.Leave(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private RunSearcher Open()
    {
        GenQSettings settings = new RunLedger(run.Settings).Settings;
        string file = new BaseVectors(run, settings, new RunState(run)).Find()
            ?? throw new GenQException($"'{run.BaseVectors}' holds no vectors of '{settings.Base}' for these passages. The stage 'evaluate' of the run makes them.");
        PassageIndex vectors = PassageIndex.Open(file);
        try
        {
            return adapted.Use(searcher => RunSearcher.Of(searcher.Passages, new RememberingEncoder(load(settings)), new RunIndex(vectors, searcher.Index.Words, searcher.WordsWeight)));
        }
        catch
        {
            vectors.Dispose();
            throw;
        }
    }
}
