using System.Threading.RateLimiting;

namespace GenQ.Web;

/// <summary>
/// Lets as many requests compute at once as there are cores, and others wait for their turn. A place is held while something is computed, and not while a client
/// sends its request or reads its answer: as many slow clients as there are cores would stop all others.
/// </summary>
internal sealed class ComputingLimit : IDisposable
{
    private const int Waiting = 64;

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = Environment.ProcessorCount,
        QueueLimit = Waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>The filter of an endpoint that computes.</summary>
    public static ValueTask<object?> Filter(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
        => context.HttpContext.RequestServices.GetRequiredService<ComputingLimit>().RunAsync(() => next(context), context.HttpContext.RequestAborted);

    /// <summary>Computes something when its turn has come.</summary>
    /// <exception cref="Refusal">Too many wait already.</exception>
    /// <exception cref="OperationCanceledException">It was given up before its turn.</exception>
    public async ValueTask<T> RunAsync<T>(Func<ValueTask<T>> compute, CancellationToken cancellation)
    {
        using RateLimitLease place = await _limiter.AcquireAsync(1, cancellation);
        if (!place.IsAcquired) throw new Refusal(StatusCodes.Status429TooManyRequests, "The server is busy: ask again in a second.") { RetryAfter = 1 };
        return await compute();
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
