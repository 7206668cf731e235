using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace GenQ.Web;

/// <summary>
/// Signs links to documents and reports, where there is an API key: whoever had the key when the answer was made may open them for some hours, until the server ends.
/// </summary>
internal sealed class Tickets(SearchServerOptions options, TimeProvider? time = null)
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromHours(4);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Signs a path of this server; where there is no key it stays as it is.</summary>
    public string Sign(string path)
    {
        if (options.ApiKey is null) return path;
        string until = _time.GetUtcNow().Add(ValidFor).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{path}?until={until}&ticket={Signature(Uri.UnescapeDataString(path), until)}";
    }

    /// <summary>Whether a request was signed, and still is valid.</summary>
    public bool IsValid(HttpRequest request)
    {
        string until = request.Query["until"].ToString(), ticket = request.Query["ticket"].ToString();
        return long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds >= _time.GetUtcNow().ToUnixTimeSeconds()
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ticket), Encoding.ASCII.GetBytes(Signature(request.Path.Value ?? "", until)));
    }

    // Of the path as the server sees it, decoded once.
    private string Signature(string path, string until) => Convert.ToHexStringLower(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{until} {path}")));
}
