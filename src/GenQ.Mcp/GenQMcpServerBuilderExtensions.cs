using GenQ.Extensions;
using GenQ.Mcp;
using ModelContextProtocol.Server;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives a server of the Model Context Protocol the search of finished runs.</summary>
public static class GenQMcpServerBuilderExtensions
{
    /// <summary>
    /// Adds the tools <c>search</c>, <c>fetch_passage</c> and <c>list_documents</c>. Their descriptions say which documents are searched; they are
    /// worded anew when a run has changed. Whatever cannot be done is told as the result of the call, in a sentence.
    /// </summary>
    /// <param name="builder">The server; its transport is the caller's to choose.</param>
    /// <param name="runs">
    /// The keys of searches that <c>AddKeyedGenQSearch</c> has registered; assistants name the runs by them. None takes the search that
    /// <c>AddGenQSearch</c> has registered, under the name of its folder.
    /// </param>
    /// <returns>The server.</returns>
    public static IMcpServerBuilder AddGenQTools(this IMcpServerBuilder builder, params IReadOnlyList<string> runs)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(runs);
        builder.Services.AddSingleton(provider => new ServedRuns([.. runs.Count == 0 ? [Unnamed(provider)] : runs.Select(run => Named(provider, run))]));
        foreach (Func<ServedRuns, McpServerTool> create in GenQTool.All)
            builder.Services.AddSingleton(provider => create(provider.GetRequiredService<ServedRuns>()));
        return builder;
    }

    private static ServedRun Named(IServiceProvider provider, string run) => new(run, provider.GetRequiredKeyedService<IPassageSearch>(run));

    private static ServedRun Unnamed(IServiceProvider provider)
    {
        IPassageSearch search = provider.GetRequiredService<IPassageSearch>();
        return new ServedRun(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(search.Run.Path))), search);
    }
}
