using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using Microsoft.Extensions.AI;

namespace GenQ.Generation;

/// <summary>
/// Writes the queries that a passage answers, with a language model behind any <see cref="IChatClient"/>: one on this machine, or a hosted one, to which
/// the passages are then sent.
/// </summary>
/// <remarks>
/// <para>
/// Each answer is kept in an <see cref="AnswerCache"/> as soon as it is there, so a run that was stopped, or another run over the same passages, asks for
/// what is missing alone. Calls that are on their way when the writing is stopped have been paid for: they have some seconds left to be answered.
/// </para>
/// <para>
/// An answer with a fault (refused, empty, unreadable, too few queries, another language) is asked for again once; <see cref="Usage"/> counts them. What is
/// still missing then stays empty.
/// </para>
/// </remarks>
public sealed class ChatQueryWriter : IQueryWriter, IDisposable
{
    // What a call that is on its way may still take when the writing is stopped.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private const int Unrated = 0, BestRating = 10;

    private readonly IChatClient _client;
    private readonly ChatPrompt _prompt;
    private readonly QueryPassagePair[] _examples;
    private readonly AnswerCache _answers;
    private readonly string _model;
    private readonly double? _judgeThreshold;
    private readonly Lock _counting = new();
    private Stopwatch? _clock;

    /// <summary>Makes a writer of a client.</summary>
    /// <param name="client">Speaks to the model; it is disposed with the writer.</param>
    /// <param name="options">How to ask; what only concerns the way to a service (its address, its limits) is the client's own matter.</param>
    /// <param name="kinds">How many queries of each kind of the prompt, as "question=2,keywords=1"; one of each by default.</param>
    /// <param name="answers">Where answers are kept; by default in <see cref="AnswerCache.DefaultFolder"/>.</param>
    /// <param name="judgeThreshold">
    /// With one, the model rates each query and its passage from 1 to 10 in a second call, and a query with less than this share of 10 stays empty.
    /// </param>
    /// <exception cref="GenQException">A file that the options name cannot be read, or the kinds are none of the prompt's.</exception>
    public ChatQueryWriter(IChatClient client, ChatWriterOptions? options = null, string? kinds = null, AnswerCache? answers = null, double? judgeThreshold = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (judgeThreshold is { } share) ArgumentOutOfRangeException.ThrowIfNotEqual(share, Math.Clamp(share, 0, 1), nameof(judgeThreshold));
        _judgeThreshold = judgeThreshold;
        _client = client;
        Options = options ?? new ChatWriterOptions();
        _prompt = ChatPrompt.Load(Options.Prompt);
        Kinds = kinds is null ? _prompt.Kinds : QueryTask.Choose(_prompt.Kinds, kinds, Options.Prompt ?? "the prompt");
        _examples = Options.Examples is { } file ? ReadExamples(file) : [];
        _answers = answers ?? new AnswerCache(AnswerCache.DefaultFolder);
        ChatClientMetadata? about = client.GetService<ChatClientMetadata>();
        _model = Options.Writer ?? $"{about?.ProviderName ?? client.GetType().Name}:{about?.DefaultModelId ?? "default"}";
        Address = about?.ProviderUri;
    }

    /// <summary>How it asks.</summary>
    public ChatWriterOptions Options { get; }

    /// <summary>The kinds of query that it asks for, and how many of each.</summary>
    public IReadOnlyList<QueryTask> Kinds { get; }

    /// <summary>Whether the model rates what it has written, and poor queries stay empty.</summary>
    internal bool RatesItsQueries => _judgeThreshold is not null;

    /// <summary>Where the passages are sent, as far as the client says.</summary>
    public Uri? Address { get; }

    /// <summary>What was asked, and what came of it, since the writer was made or a run has written it down.</summary>
    public ChatUsage Usage { get; private set; } = new();

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Identity
    {
        get
        {
            Dictionary<string, string> identity = SettingsSchema<ChatWriterOptions>.Identity(Options);
            identity["writer"] = _model;
            identity["prompt"] = Fingerprint.OfText(_prompt.Text);
            identity["examples"] = _examples.Length == 0 ? "" : Fingerprint.OfPairs(_examples);
            if (_judgeThreshold is { } threshold) identity["judge"] = string.Create(CultureInfo.InvariantCulture, $"writer, threshold {threshold}");
            identity["kinds"] = string.Join(',', Kinds.Select(kind => $"{kind.Name}={kind.Count}"));
            return identity;
        }
    }

    /// <summary>Writes the queries of a text, one of each kind or as many as were asked for.</summary>
    /// <param name="text">The text.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellation">Stops the writing.</param>
    public async Task<IReadOnlyList<WrittenQuery>> WriteAsync(string text, int? count = null, CancellationToken cancellation = default)
    {
        QueryRequest request = new([new Passage("text", text)], count ?? Kinds.Sum(kind => kind.Count));
        await foreach (PassageQueries written in WriteAsync(request, cancellation).ConfigureAwait(false)) return written.Queries;
        return [];
    }

    /// <inheritdoc/>
    /// <exception cref="GenQException">The model cannot be asked, or the time is over; answers that are there are kept.</exception>
    public async IAsyncEnumerable<PassageQueries> WriteAsync(QueryRequest request, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        _clock ??= Stopwatch.StartNew();
        QueryTask[] places = Places(request);
        Ask[] asks = Recall(request, places);
        foreach (Ask ask in asks.Where(IsAnswered))
        {
            Count(new ChatUsage { FromCache = 1 });
            yield return Written(ask, places);
        }

        Ask[] open = [.. asks.Where(ask => !IsAnswered(ask))];
        if (open.Length == 0) yield break;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Channel<Ask> answered = Channel.CreateUnbounded<Ask>();
        Task work = Task.Run(() => AskAllAsync(open, places, answered.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (Ask ask in answered.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false)) yield return Written(ask, places);
        }
        finally
        {
            // Who stops reading wants no further calls; those on their way are paid for.
            await stop.CancelAsync().ConfigureAwait(false);
            await work.ConfigureAwait(false);
        }
    }

    /// <summary>Disposes the client.</summary>
    public void Dispose() => _client.Dispose();

    /// <summary>The passages that the model would have to be asked about.</summary>
    internal Passage[] Unanswered(QueryRequest request) => [.. Recall(request, Places(request)).Where(ask => !IsAnswered(ask)).Select(ask => ask.Passage)];

    /// <summary>Gives the usage, and begins to count anew.</summary>
    internal ChatUsage TakeUsage()
    {
        lock (_counting)
        {
            ChatUsage usage = Usage;
            Usage = new ChatUsage();
            return usage;
        }
    }

    private bool IsAnswered(Ask ask) => ask.Answer is { } answer && (_judgeThreshold is null || ask.Ratings is not null || Array.TrueForAll(answer.Queries, query => query.Length == 0));

    private QueryTask[] Places(QueryRequest request) => [.. QueryTask.Deal(Kinds, request.FirstSample + request.Count).Skip(request.FirstSample)];

    private Ask[] Recall(QueryRequest request, QueryTask[] places)
    {
        string system = _prompt.System(Asked(places), Options.Audience, _examples);
        return [.. request.Passages.Select((passage, i) => Recall(i, passage, system, places))];
    }

    // What was answered before is found by everything that decides the answer; how many passages a call held does not.
    private Ask Recall(int place, Passage passage, string system, QueryTask[] places)
    {
        string service = $"{_model} {Address?.Authority}", temperature = Options.Temperature?.ToString(CultureInfo.InvariantCulture) ?? "";
        string key = AnswerCache.Key([service, temperature, system, passage.SearchText, .. places.Select(kind => kind.Name)]);
        Ask ask = new(place, passage, key, _answers.Find<PassageAnswer>(key) is { Queries.Length: var known } answer && known == places.Length ? answer : null);
        if (ask.Answer is null || _judgeThreshold is null) return ask;
        return _answers.Find<int[]>(RatingKey(ask)) is { } ratings && ratings.Length == places.Length ? ask with { Ratings = ratings } : ask;
    }

    private string RatingKey(Ask ask) => AnswerCache.Key([_model, _prompt.Judge, ask.Passage.SearchText, .. ask.Answer!.Queries]);

    private async Task AskAllAsync(Ask[] asks, QueryTask[] places, ChannelWriter<Ask> answered, CancellationToken cancellation)
    {
        Exception? failure = null;
        try
        {
            ParallelOptions atATime = new() { MaxDegreeOfParallelism = Options.Concurrency, CancellationToken = cancellation };
            await Parallel.ForEachAsync(asks.Chunk(Options.PassagesPerCall), atATime, async (part, stopping) =>
            {
                RequireTime();
                using CancellationTokenSource call = new();
                using CancellationTokenRegistration grace = stopping.Register(() => call.CancelAfter(Grace));
                foreach (Ask ask in await AskAsync(part, places, call.Token).ConfigureAwait(false)) answered.TryWrite(ask);
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            failure = new GenQException($"{_model} did not answer in time: {e.Message} Give it more time, or ask less of it at a time.", e)
            {
                Where = "chat.seconds-per-call",
                Remedy = new Remedy.Change(("chat.seconds-per-call", null), ("chat.passages-per-call", "1"), ("chat.concurrency", "1")),
            };
        }
        catch (Exception e)
        {
            failure = e;
        }

        answered.Complete(failure);
    }

    private async Task<Ask[]> AskAsync(Ask[] part, QueryTask[] places, CancellationToken cancellation)
    {
        Ask[] unwritten = [.. part.Where(ask => ask.Answer is null)];
        if (unwritten.Length > 0)
        {
            PassageAnswer[] answers = await AnswersAsync(unwritten, places, cancellation).ConfigureAwait(false);
            int[] faulty = [.. answers.Index().Where(answer => answer.Item.IsFaulty).Select(answer => answer.Index)];
            if (faulty.Length > 0)
            {
                Count(new ChatUsage { AskedAgain = faulty.Length });
                PassageAnswer[] again = await AnswersAsync([.. faulty.Select(i => unwritten[i])], places, cancellation).ConfigureAwait(false);
                foreach ((int i, PassageAnswer second) in faulty.Zip(again)) answers[i] = answers[i].With(second);
            }

            foreach ((Ask ask, PassageAnswer answer) in unwritten.Zip(answers)) _answers.Save(ask.Key, answer);
            Count(Faults(answers));
            Dictionary<int, PassageAnswer> byPlace = unwritten.Zip(answers).ToDictionary(pair => pair.First.Place, pair => pair.Second);
            part = [.. part.Select(ask => byPlace.TryGetValue(ask.Place, out PassageAnswer? answer) ? ask with { Answer = answer } : ask)];
        }

        return _judgeThreshold is null ? part : await JudgeAsync(part, cancellation).ConfigureAwait(false);
    }

    private async Task<PassageAnswer[]> AnswersAsync(Ask[] asks, QueryTask[] places, CancellationToken cancellation)
    {
        QueryTask[] asked = Asked(places);
        Passage[] passages = [.. asks.Select(ask => ask.Passage)];
        ChatResponse response = await CallAsync(
            _prompt.System(asked, Options.Audience, _examples), _prompt.Request(asked, passages), ChatForm.Queries(asked), cancellation).ConfigureAwait(false);
        return ChatAnswer.Read(response.Text, asked, places, passages, response.FinishReason == ChatFinishReason.ContentFilter);
    }

    // Queries whose rating cannot be told are kept: the judge is there to drop, not to write.
    private async Task<Ask[]> JudgeAsync(Ask[] part, CancellationToken cancellation)
    {
        int[] open = [.. part.Index().Where(ask => !IsAnswered(ask.Item)).Select(ask => ask.Index)];
        if (open.Length == 0) return part;
        (Passage Passage, IReadOnlyList<string> Queries)[] judged =
            [.. open.Select(i => (part[i].Passage, (IReadOnlyList<string>)[.. part[i].Answer!.Queries.Where(query => query.Length > 0)]))];
        ChatResponse response = await CallAsync(_prompt.Judge, ChatPrompt.JudgeRequest(judged), ChatForm.Ratings, cancellation).ConfigureAwait(false);
        int[]?[] ratings = ChatAnswer.ReadRatings(response.Text, [.. judged.Select(asked => asked.Queries.Count)]);
        Ask[] rated = [.. part];
        foreach ((int i, int[]? given) in open.Zip(ratings))
        {
            // A query that is empty has no rating; it keeps its place.
            Queue<int> rest = new(given ?? []);
            int[] own = [.. part[i].Answer!.Queries.Select(query => query.Length > 0 && rest.TryDequeue(out int rating) ? rating : Unrated)];
            rated[i] = part[i] with { Ratings = own };
            _answers.Save(RatingKey(rated[i]), own);
        }

        return rated;
    }

    // Any client may stand behind the interface, so whatever it throws is put into words.
    private async Task<ChatResponse> CallAsync(string system, string request, ChatResponseFormat form, CancellationToken cancellation)
    {
        ChatOptions options = new() { Temperature = (float?)Options.Temperature, ResponseFormat = Options.Schema ? form : null };
        using Activity? activity = Telemetry.WriterCall(_model);
        try
        {
            ChatResponse response = await _client.GetResponseAsync([new ChatMessage(ChatRole.System, system), new ChatMessage(ChatRole.User, request)], options, cancellation).ConfigureAwait(false);
            Count(new ChatUsage { Calls = 1, TokensIn = response.Usage?.InputTokenCount ?? 0, TokensOut = response.Usage?.OutputTokenCount ?? 0 });
            return response;
        }
        catch (Exception e) when (e is not (GenQException or OperationCanceledException))
        {
            throw new GenQException($"{_model} cannot be asked: {e.Message} What it has answered is kept: the same run goes on from there.", e) { Where = _model };
        }
    }

    private void RequireTime()
    {
        if (Options.Minutes is not { } minutes || _clock!.Elapsed.TotalMinutes < minutes) return;
        throw new GenQException(string.Create(
            CultureInfo.InvariantCulture,
            $"The {minutes} minutes that {_model} may take are over. What it has answered is kept: the same run goes on from there."))
        {
            Where = "chat.minutes",
            Remedy = new Remedy.Change(("chat.minutes", "none")),
        };
    }

    private PassageQueries Written(Ask ask, QueryTask[] places)
    {
        int[]? ratings = ask.Ratings;
        bool IsLow(int i) => ratings is not null && ratings[i] != Unrated && ratings[i] < BestRating * _judgeThreshold;
        string[] queries = [.. ask.Answer!.Queries.Select((query, i) => IsLow(i) ? "" : query)];
        int low = ask.Answer.Queries.Index().Count(query => query.Item.Length > 0 && IsLow(query.Index));
        if (low > 0) Count(new ChatUsage { RatedLow = low });
        return new PassageQueries(ask.Place, [.. queries.Select((query, i) => new WrittenQuery(query, PairKind.Generated, Task: places[i].Name))]);
    }

    private static ChatUsage Faults(PassageAnswer[] answers)
    {
        int Of(ChatFault fault) => answers.Count(answer => answer.Fault == fault);
        return new ChatUsage
        {
            Passages = answers.Length,
            Unusable = Of(ChatFault.Unusable),
            Refused = Of(ChatFault.Refused),
            Empty = Of(ChatFault.Empty),
            Malformed = Of(ChatFault.Malformed),
            Fewer = Of(ChatFault.Fewer),
            OtherLanguage = Of(ChatFault.OtherLanguage),
            More = answers.Count(answer => answer.More),
            Repeated = answers.Sum(answer => answer.Repeated),
        };
    }

    private void Count(ChatUsage usage)
    {
        lock (_counting) Usage += usage;
    }

    // The kinds that the places are of, and how many of each.
    private static QueryTask[] Asked(QueryTask[] places) => [.. places.GroupBy(kind => kind.Name).Select(group => group.First() with { Count = group.Count() })];

    private static QueryPassagePair[] ReadExamples(string file)
    {
        const int most = 12, mostLetters = 1000;
        QueryPassagePair[] pairs = [.. PairFiles.Read(file).Where(pair => !string.IsNullOrWhiteSpace(pair.Query) && !string.IsNullOrWhiteSpace(pair.Passage)).Take(most)];
        if (pairs.Length == 0)
        {
            throw new GenQException($"'{file}' holds no examples: expected lines 'query<TAB>passage'.")
            {
                Where = file,
                Expected = "query<TAB>passage",
                Remedy = new Remedy.Change(("chat.examples", null)),
            };
        }

        return [.. pairs.Select(pair => pair with { Passage = UnicodeText.Cut(pair.Passage, mostLetters) })];
    }

    /// <summary>A passage on its way: what names its answer, and what is known of it.</summary>
    private sealed record Ask(int Place, Passage Passage, string Key, PassageAnswer? Answer, int[]? Ratings = null);
}
