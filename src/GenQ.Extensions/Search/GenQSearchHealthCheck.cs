using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace GenQ.Extensions;

/// <summary>Healthy while the newest version of the run is open, degraded where an older one answers, else as the registration says.</summary>
internal sealed class GenQSearchHealthCheck(IPassageSearch search) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        PassageSearchStatus status = search.GetStatus();
        Dictionary<string, object> data = new() { ["run"] = search.Run.Path, ["passages"] = status.Passages };
        if (status.Opened is { } opened) data["opened"] = opened;
        return Task.FromResult(status switch
        {
            { Opened: null } => new HealthCheckResult(context.Registration.FailureStatus, status.Problem, data: data),
            { Problem: { } problem } => HealthCheckResult.Degraded($"An older version of '{search.Run.Path}' answers, since the newest cannot be opened. {problem}", data: data),
            _ => HealthCheckResult.Healthy(string.Create(CultureInfo.InvariantCulture, $"'{search.Run.Path}' is open: {status.Passages:N0} passages."), data),
        });
    }
}
