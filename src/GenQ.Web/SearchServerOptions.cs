using System.Net;
using GenQ.Data;

namespace GenQ.Web;

/// <summary>What a <see cref="SearchServer"/> serves, and to whom.</summary>
/// <param name="Runs">The folders of finished runs, at least one.</param>
public sealed record SearchServerOptions(params IReadOnlyList<string> Runs)
{
    /// <summary>The address to listen at. The default is this machine alone; any other needs an <see cref="ApiKey"/>.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port, 0 to 65535; 0 lets the system choose one.</summary>
    public int Port { get; init => field = Check.That(value, value is >= 0 and <= 65535, "between 0 and 65535"); } = 5080;

    /// <summary>What who asks has to know; <see langword="null"/> lets everybody ask who reaches the address.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The folder that the documents lie in now; <see langword="null"/> looks where the runs have read them.</summary>
    public string? Documents { get; init; }

    /// <summary>
    /// A folder of web pages that are served below /site/, such as a documentation site whose search asks this server; <see langword="null"/> serves none.
    /// Everybody may read them who reaches the address, and their scripts run.
    /// </summary>
    public string? Site { get; init; }

    /// <summary>Checks that the options fit together.</summary>
    /// <exception cref="GenQException">They do not.</exception>
    internal void Validate()
    {
        if (Runs.Count == 0) throw new GenQException("There is nothing to serve: name the folder of a finished run.");
        if (!IPAddress.IsLoopback(Address) && string.IsNullOrWhiteSpace(ApiKey))
            throw new GenQException($"'{Address}' can be reached from other machines, so an API key is needed: who asks must know it.");
        if (ApiKey is { } key && !key.All(letter => letter is > ' ' and <= '~'))
            throw new GenQException("The API key must be of visible ASCII characters, without spaces: a browser can send no others in a header.");
        if (Documents is { } folder && !Directory.Exists(folder)) throw new GenQException($"There is no folder '{folder}' of documents.") { Where = folder };
        if (Site is { } site && !Directory.Exists(site)) throw new GenQException($"There is no folder '{site}' of web pages.") { Where = site };
    }
}
