namespace GenQ.ChatClients;

/// <summary>Lets calls begin one after the other where a limit wants it, and holds all of them back while a service asks for a pause.</summary>
/// <param name="callsPerMinute">Calls begun within a minute at most.</param>
internal sealed class CallPace(int? callsPerMinute)
{
    private readonly TimeSpan _apart = callsPerMinute is { } count ? TimeSpan.FromMinutes(1) / count : TimeSpan.Zero;
    private readonly Lock _lock = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue, _paused = DateTimeOffset.MinValue;

    /// <summary>Waits until a call may begin.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        TimeSpan wait = Reserve();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, cancellation).ConfigureAwait(false);
        while (Paused() is var pause && pause > TimeSpan.Zero) await Task.Delay(pause, cancellation).ConfigureAwait(false);
    }

    /// <summary>Lets no call begin for a time.</summary>
    public void Pause(TimeSpan time)
    {
        lock (_lock)
        {
            DateTimeOffset until = TimeProvider.System.GetUtcNow() + time;
            if (until > _paused) _paused = until;
        }
    }

    private TimeSpan Reserve()
    {
        lock (_lock)
        {
            DateTimeOffset now = TimeProvider.System.GetUtcNow(), start = _next > now ? _next : now;
            _next = start + _apart;
            return start - now;
        }
    }

    private TimeSpan Paused()
    {
        lock (_lock) return _paused - TimeProvider.System.GetUtcNow();
    }
}
