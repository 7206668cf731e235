using GenQ.Data;
using GenQ.Extensions;
using ModelContextProtocol.Protocol;

namespace GenQ.Web;

/// <summary>The tools for assistants over HTTP: the Model Context Protocol at /mcp.</summary>
internal static class AssistantEndpoint
{
    /// <summary>Registers the tools over the runs that are served. No session is kept: each request stands alone.</summary>
    public static void Add(IServiceCollection services, SearchServerOptions options)
    {
        string[] names = RunNames.Of(options.Runs);
        foreach (string name in names)
            services.AddKeyedSingleton<IPassageSearch>(name, (provider, _) => provider.GetRequiredService<ServedRuns>()[name].Search);
        services.AddMcpServer(server => server.ServerInfo = new Implementation { Name = "genq", Title = "GenQ", Version = RunRecords.Version })
            .WithHttpTransport(http => http.Stateless = true)
            .WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellation)
                => request.Services!.GetRequiredService<ComputingLimit>().RunAsync(() => next(request, cancellation), cancellation)))
            .AddGenQTools(names);
    }

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapMcp("/mcp");
}
