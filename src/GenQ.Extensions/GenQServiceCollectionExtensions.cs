using GenQ.Data;
using GenQ.Extensions;
using GenQ.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a run's search and its model.</summary>
public static class GenQServiceCollectionExtensions
{
    // Under which the log names it.
    private const string LogCategory = "GenQ.Search";

    /// <summary>Registers <see cref="IPassageSearch"/> over the run that the section <see cref="GenQSearchOptions.Section"/> of the application's configuration names.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes what the section says.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddGenQSearch(this IServiceCollection services, Action<GenQSearchOptions>? configure = null)
        => Add(services, null, options => options.BindConfiguration(GenQSearchOptions.Section).Configure(configure ?? Nothing));

    /// <summary>Registers <see cref="IPassageSearch"/> over a run.</summary>
    /// <param name="services">The services.</param>
    /// <param name="run">The run folder.</param>
    /// <param name="configure">Sets the other options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddGenQSearch(this IServiceCollection services, string run, Action<GenQSearchOptions>? configure = null)
        => Add(services, null, options => options.Configure(own => own.Run = run).Configure(configure ?? Nothing));

    /// <summary>Registers <see cref="IPassageSearch"/> over the run that a section of the configuration names.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">Holds the values of <see cref="GenQSearchOptions"/>.</param>
    /// <param name="configure">Changes what the section says.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddGenQSearch(this IServiceCollection services, IConfiguration section, Action<GenQSearchOptions>? configure = null)
        => Add(services, null, options => options.Bind(section).Configure(configure ?? Nothing));

    /// <summary>Registers one of several searches: a keyed <see cref="IPassageSearch"/> over a run.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key, as in <c>[FromKeyedServices("manuals")] IPassageSearch</c>; also the name of its options.</param>
    /// <param name="run">The run folder.</param>
    /// <param name="configure">Sets the other options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedGenQSearch(this IServiceCollection services, string key, string run, Action<GenQSearchOptions>? configure = null)
        => Add(services, key, options => options.Configure(own => own.Run = run).Configure(configure ?? Nothing));

    /// <summary>Registers one of several searches: a keyed <see cref="IPassageSearch"/> over the run that a section of the configuration names.</summary>
    /// <param name="services">The services.</param>
    /// <param name="key">The key, as in <c>[FromKeyedServices("manuals")] IPassageSearch</c>; also the name of its options.</param>
    /// <param name="section">Holds the values of <see cref="GenQSearchOptions"/>.</param>
    /// <param name="configure">Changes what the section says.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddKeyedGenQSearch(this IServiceCollection services, string key, IConfiguration section, Action<GenQSearchOptions>? configure = null)
        => Add(services, key, options => options.Bind(section).Configure(configure ?? Nothing));

    /// <summary>
    /// Registers an encoder without torch, as <see cref="OnnxEncoder"/> and as the <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of
    /// Microsoft.Extensions.AI. It is loaded at its first use, once.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="folder">An exported encoder, or a run folder that holds one.</param>
    /// <param name="options">How to compute.</param>
    /// <returns>The services. A pipeline goes around it with <c>AddEmbeddingGenerator(services => services.GetRequiredService&lt;OnnxEncoder&gt;())</c> of Microsoft.Extensions.AI.</returns>
    public static IServiceCollection AddGenQEmbeddings(this IServiceCollection services, string folder, OnnxEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        services.TryAddSingleton(_ => Load(folder, options));
        services.TryAddSingleton<IEmbeddingGenerator<string, Embedding<float>>>(provider => provider.GetRequiredService<OnnxEncoder>());
        return services;
    }

    private static IServiceCollection Add(IServiceCollection services, string? key, Action<OptionsBuilder<GenQSearchOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        string name = key ?? Options.Options.DefaultName;
        OptionsBuilder<GenQSearchOptions> options = services.AddOptions<GenQSearchOptions>(name).ValidateOnStart();
        configure(options);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GenQSearchOptions>, GenQSearchOptionsValidator>());
        if (key is null) services.TryAddSingleton<IPassageSearch>(provider => Create(provider, name));
        else services.TryAddKeyedSingleton<IPassageSearch>(key, (provider, _) => Create(provider, name));
        return services.AddSingleton<IHostedService>(provider => new SearchPreloader(
            () => OptionsOf(provider, name).PreloadAtStart,
            () => key is null ? provider.GetRequiredService<IPassageSearch>() : provider.GetRequiredKeyedService<IPassageSearch>(key)));
    }

    private static ReloadingSearch Create(IServiceProvider provider, string name) => new ReloadingSearch(
        OptionsOf(provider, name),
        provider.GetService<ILoggerFactory>()?.CreateLogger(LogCategory) ?? NullLogger.Instance,
        provider.GetService<TimeProvider>() ?? TimeProvider.System);

    private static GenQSearchOptions OptionsOf(IServiceProvider provider, string name) => provider.GetRequiredService<IOptionsMonitor<GenQSearchOptions>>().Get(name);

    private static OnnxEncoder Load(string folder, OnnxEncoderOptions? options)
    {
        RunFolder run = new(folder);
        return File.Exists(run.Settings) || Directory.Exists(run.Onnx) ? OnnxEncoder.OfRun(run, options) : OnnxEncoder.Load(folder, options);
    }

    private static void Nothing(GenQSearchOptions options)
    {
    }
}
