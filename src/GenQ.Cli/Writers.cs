using GenQ.ChatClients;
using GenQ.Data;
using GenQ.Generation;
using Microsoft.Extensions.AI;

namespace GenQ.Cli;

/// <summary>Makes the language model that a command names into a writer, and asks before passages leave the machine.</summary>
internal static class Writers
{
    /// <summary>Makes the writer.</summary>
    /// <param name="options">Which model, where, and how it is asked.</param>
    /// <param name="query">How many queries of each kind, and whether the model rates them.</param>
    /// <param name="run">The run whose queries it writes; <see langword="null"/> for a single text.</param>
    /// <param name="isAgreed">Whether passages may leave the machine.</param>
    /// <returns>The writer; <see langword="null"/> where a T5 writes.</returns>
    /// <exception cref="GenQException">The model, the address or the judge is none, or passages are not to leave the machine.</exception>
    public static ChatQueryWriter? Of(ChatWriterOptions options, QuerySettings query, RunFolder? run, bool isAgreed)
    {
        if (options.Writer is not { } model) return null;
        query.RequireJudge(isByLanguageModel: true, ratesItsQueries: query.WriterJudgeThreshold is not null);
        ChatService service = ChatService.Parse(model, options.Url);

        // Behind the filter nothing is left to write, unless somebody has deleted it.
        bool isWritten = run is not null && File.Exists(run.FilterSummary);
        bool maySend = service.IsLocal || isAgreed || (!isWritten && Ask(service));
        IChatClient client = ChatServices.Open(service, new ChatServiceOptions
        {
            TimePerCall = TimeSpan.FromSeconds(options.SecondsPerCall),
            CallsPerMinute = options.CallsPerMinute,
        });
        return new ChatQueryWriter(maySend ? client : new UnaskedClient(client, service), options, query.Kinds, judgeThreshold: query.WriterJudgeThreshold);
    }

    private static bool Ask(ChatService service)
    {
        string warning = $"The passages of your documents will leave this machine: {service} at {service.Address.Host} gets them, and keeps what its terms say.";
        if (Console.IsInputRedirected || Console.IsErrorRedirected) throw new GenQException($"{warning} Nobody is here to be asked: agree with --yes, or take a model on this machine.");
        Console.Error.WriteLine(warning);
        Console.Error.Write("Send them? [y/N] ");
        if (Console.ReadLine()?.Trim() is { Length: > 0 } answer && "yes".StartsWith(answer, StringComparison.OrdinalIgnoreCase)) return true;
        throw new GenQException("Nothing was sent. A model on this machine, such as one of Ollama's, or the T5 sends nothing.");
    }

    // Whose queries are all there is not asked; should some be missing after all, this says so before anything is sent.
    private sealed class UnaskedClient(IChatClient inner, ChatService service) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
            => throw new GenQException($"Queries are missing, and to write them passages would leave this machine: {service} at {service.Address.Host} would get them. Agree with --yes.");
    }
}
