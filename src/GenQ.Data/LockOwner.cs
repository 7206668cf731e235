using System.Globalization;

namespace GenQ.Data;

/// <summary>Who holds a <see cref="LockFile"/>, as it stands in the file.</summary>
/// <param name="Process">The number of the process.</param>
/// <param name="Host">The machine.</param>
/// <param name="Begun">When it took the lock, in UTC.</param>
/// <param name="Work">What it does.</param>
/// <param name="Id">Tells this holder from any other, also of the same process.</param>
internal sealed record LockOwner(int Process, string Host, string Begun, string Work, Guid Id)
{
    /// <summary>The one who asks.</summary>
    /// <param name="work">What it does.</param>
    public static LockOwner This(string work)
        => new(Environment.ProcessId, Environment.MachineName, TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture), work, Guid.NewGuid());
}
