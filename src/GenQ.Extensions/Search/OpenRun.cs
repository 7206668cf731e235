using GenQ.Retrieval;

namespace GenQ.Extensions;

/// <summary>A version of a run that is open. It is closed when it is retired and the last search in it has ended.</summary>
internal sealed class OpenRun(RunSearcher searcher, RunVersion version, DateTimeOffset opened)
{
    // The first user is the service, which leaves when it retires the version.
    private int _users = 1;

    /// <summary>Searches it; only between <see cref="TryEnter"/> and <see cref="Leave"/>.</summary>
    public RunSearcher Searcher => searcher;

    /// <summary>The files that it was opened from.</summary>
    public RunVersion Version => version;

    /// <summary>When it was opened.</summary>
    public DateTimeOffset Opened => opened;

    /// <summary>Keeps it open for a search, unless it is closed already.</summary>
    public bool TryEnter()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0) return false;
        }
        while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
        return true;
    }

    /// <summary>Ends a search, or retires the version.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0) searcher.Dispose();
    }
}
