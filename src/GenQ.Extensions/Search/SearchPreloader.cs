using Microsoft.Extensions.Hosting;

namespace GenQ.Extensions;

/// <summary>Opens a run when the host starts, where its options ask for that.</summary>
/// <param name="isAsked">Whether they do; read at the start, when options have been checked.</param>
/// <param name="search">Gives the search.</param>
internal sealed class SearchPreloader(Func<bool> isAsked, Func<IPassageSearch> search) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => isAsked() ? Task.Run(() => search().Refresh(), cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
