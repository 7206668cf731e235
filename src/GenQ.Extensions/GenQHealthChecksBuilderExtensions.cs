using GenQ.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the health of a run's search.</summary>
public static class GenQHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of <see cref="IPassageSearch"/>: healthy while the newest version of the run is open, degraded where it could not be opened and
    /// an older one answers, unhealthy where none can be opened. Its description says why.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">Names the check.</param>
    /// <param name="key">The key of the search; <see langword="null"/> for the one without.</param>
    /// <param name="failureStatus">What is told where none can be opened; unhealthy by default.</param>
    /// <param name="tags">Tags of the check.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddGenQSearch(
        this IHealthChecksBuilder builder, string name = "genq", string? key = null, HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => new GenQSearchHealthCheck(key is null ? provider.GetRequiredService<IPassageSearch>() : provider.GetRequiredKeyedService<IPassageSearch>(key)),
            failureStatus,
            tags));
    }
}
