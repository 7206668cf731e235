using System.Net.Sockets;
using GenQ.Data;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;

namespace GenQ.Web;

/// <summary>Serves the search page over finished runs, and the HTTP API behind it.</summary>
public sealed class SearchServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private SearchServer(WebApplication application, Uri address) => (_application, Address) = (application, address);

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Opens the runs and begins to listen.</summary>
    /// <param name="options">Which runs, and where.</param>
    /// <param name="cancellation">Stops the start.</param>
    /// <exception cref="GenQException">A run cannot be opened, the port is taken, or the options do not fit together.</exception>
    public static Task<SearchServer> StartAsync(SearchServerOptions options, CancellationToken cancellation = default) => StartAsync(options, null, cancellation);

    /// <summary>Ends: requests in progress have a few seconds to finish.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync().ConfigureAwait(false);
        await _application.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The same with services of a caller's own in place of the usual ones.</summary>
    internal static async Task<SearchServer> StartAsync(SearchServerOptions options, Action<IServiceCollection>? configure, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        WebApplication application = Build(options, configure);
        try
        {
            application.Services.GetRequiredService<ServedRuns>().Open();
            await application.StartAsync(cancellation).ConfigureAwait(false);
            string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new SearchServer(application, new Uri(address));
        }
        catch (Exception e)
        {
            await application.DisposeAsync().ConfigureAwait(false);
            if (e is IOException { InnerException: AddressInUseException })
                throw new GenQException($"Port {options.Port} of {options.Address} is in use by another program: end that, or choose another port.", e);
            if (e is SocketException or IOException) throw new GenQException($"{options.Address}, port {options.Port}, cannot be listened at: {e.Message}", e);
            throw;
        }
    }

    private static WebApplication Build(SearchServerOptions options, Action<IServiceCollection>? configure)
    {
        // Nothing but the options decides: no file and no variable of ASP.NET's is read.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "GenQ.Web" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => RequestLimits.Apply(kestrel, options));

        // What ASP.NET says of requests that fail is the client's matter, or Problems tells it. A run that cannot be opened at all ends the start with its reason.
        builder.Logging.AddFilter("ModelContextProtocol", LogLevel.None).SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Microsoft", LogLevel.None)
            .AddFilter(ServedRuns.LogCategory, level => level == LogLevel.Warning)
            .AddConsoleFormatter<PlainLog, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>().AddConsole(console => console.FormatterName = nameof(PlainLog));
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.Services.AddRoutingCore();
        builder.Services.ConfigureHttpJsonOptions(json => WebJson.Configure(json.SerializerOptions));
        builder.Services.AddOpenApi(ApiDescription.Configure);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("GenQ", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());
        RequestLimits.Add(builder.Services);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<Tickets>();
        builder.Services.AddSingleton<BaseEncoder>(BaseSearch.LoadBase);
        builder.Services.AddSingleton<ServedRuns>();
        AssistantEndpoint.Add(builder.Services, options);
        configure?.Invoke(builder.Services);

        WebApplication application = builder.Build();
        application.UseMiddleware<SecurityHeaders>();
        application.UseMiddleware<Problems>();
        application.UseMiddleware<HostCheck>();
        if (options.Site is { } site) Site.Use(application, site);
        application.UseRouting();
        application.UseMiddleware<ApiKeyCheck>();
        application.UseMiddleware<SameOriginCheck>();
        application.UseRequestTimeouts();
        Map(application);
        return application;
    }

    private static void Map(WebApplication application)
    {
        Page.Map(application);
        RouteGroupBuilder api = application.MapGroup("/api");
        RunsEndpoint.Map(api);
        SearchEndpoint.Map(api);
        JudgingEndpoints.Map(api);
        EmbeddingsEndpoint.Map(application);
        FileEndpoints.Map(application);
        HealthEndpoint.Map(application);
        AssistantEndpoint.Map(application);
        application.MapOpenApi();
        application.MapPrometheusScrapingEndpoint().WithMetadata(new HttpMethodMetadata([HttpMethods.Get]));
    }
}
