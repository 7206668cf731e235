using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Downloads models from a Hugging Face hub into the cache that Python's libraries share: only the files GenQ reads, resumed where an
/// earlier download stopped, checked by size and hash.
/// </summary>
/// <remarks>Source: <c>file_download.py</c> and <c>_snapshot_download.py</c> of huggingface_hub.</remarks>
public sealed partial class HubClient : IDisposable
{
    private const string IncompleteSuffix = ".incomplete";
    private const int MaxRedirects = 10;

    // A repository of a hundred thousand files has such a list.
    private const int MaxListBytes = 16 << 20;

    // Weights in parts, and the files of modules: the largest models have two hundred.
    private const int MaxFiles = 2000;

    private const long MaxFileBytes = 1L << 40;

    // A server that sends nothing for so long has hung.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);

    // So long a small request is repeated.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    // A server that sends fewer bytes in such a time drips: another connection may be better.
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(20);

    private const long LeastBytes = 1 << 14;

    private readonly HubOptions _options;
    private readonly HttpClient _http;

    /// <summary>Creates a client.</summary>
    /// <param name="options">Address, cache and token; those of the environment when left out.</param>
    public HubClient(HubOptions? options = null)
    {
        _options = options ?? HubOptions.FromEnvironment();

        // Redirects are followed here, because the token must not follow them to another host.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(15) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        string? version = typeof(HubClient).Assembly.GetName().Version?.ToString(3);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("genq", version));
    }

    /// <summary>Whether a text has the form of a model's name on the hub: <c>organisation/model</c>.</summary>
    public static bool IsName(string text) => Name().IsMatch(text) && !text.Contains("..", StringComparison.Ordinal);

    /// <summary>Finds a model in the cache, without the network.</summary>
    /// <param name="name">The model, as <c>organisation/model</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="whole">Whether it must be certain that no file GenQ reads is missing; otherwise config and weights are enough.</param>
    /// <returns>The folder, or <see langword="null"/>.</returns>
    public string? FindCached(string name, string revision = "main", bool whole = true) => Cache(name, revision).Find(revision, whole);

    /// <summary>Brings a revision of a model into the cache; what is there already is not downloaded again.</summary>
    /// <param name="name">The model, as <c>organisation/model</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="progress">Told as bytes arrive.</param>
    /// <param name="cancellation">Stops the download; the next one goes on from there.</param>
    /// <returns>The folder of the model.</returns>
    /// <exception cref="GenQException">
    /// No such model or revision, a token is needed, the hub cannot be reached (with a <see cref="HttpRequestException"/> inside), a file
    /// is damaged, the disk is full, or <see cref="HubOptions.Offline"/> is set and the model is not in the cache.
    /// </exception>
    public async Task<string> DownloadAsync(
        string name, string revision = "main", IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        HubCache cache = Cache(name, revision);
        if (_options.Offline)
        {
            return cache.Find(revision, whole: false) ?? throw new GenQException(
                $"'{name}' (revision {revision}) is not in the cache '{_options.CacheFolder}', and HF_HUB_OFFLINE forbids to download " +
                "it. Unset HF_HUB_OFFLINE, or give a folder.");
        }

        (string commit, IReadOnlyList<string> files) = await ListAsync(name, revision, cancellation);
        IReadOnlyList<string> chosen = HubFiles.Select(files);
        if (chosen.Count > MaxFiles)
            throw new GenQException($"'{name}' has {chosen.Count:N0} files that a model may have, expected at most {MaxFiles:N0}: is it a model?");
        if (!HubFiles.AreLoadable(chosen))
        {
            throw new GenQException($"'{name}' has no model that GenQ can read: expected config.json and model.safetensors or " +
                $"pytorch_model.bin, got {string.Join(", ", files.Take(20))}.");
        }

        try
        {
            List<RemoteFile> missing = [];
            foreach (string file in chosen.Where(file => !cache.Has(commit, file)))
                missing.Add(await DescribeAsync(name, commit, file, cancellation));
            long total = missing.Sum(file => file.Size);
            long before = 0;
            foreach (RemoteFile file in missing)
            {
                long start = before;
                void Report(long bytes) => progress?.Report(new DownloadProgress(file.Name, start + bytes, total));

                // Another process may be downloading the same: then it is there afterwards.
                using IDisposable alone = await cache.LockAsync(file.Hash, cancellation);
                await FetchAsync(file, cache, Report, cancellation);
                cache.Link(commit, file.Name, file.Hash);
                before += file.Size;
            }

            using IDisposable references = await cache.LockAsync(commit, cancellation);
            if (!files.Contains(HubFiles.Modules)) cache.SetAbsent(commit, HubFiles.Modules);
            cache.SetReference(revision, commit);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{name}' cannot be written to the cache '{_options.CacheFolder}': {e.Message} " +
                "Free some space, or set HF_HOME to another folder. What has arrived is kept.", e);
        }

        return cache.Snapshot(commit);
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _http.Dispose();

    private HubCache Cache(string name, string revision)
    {
        if (!IsName(name)) throw new GenQException($"'{name}' is not a model's name, expected one like 'organisation/model'.");
        if (!Revision().IsMatch(revision) || revision.Contains("..", StringComparison.Ordinal))
            throw new GenQException($"'{revision}' is not a revision, expected a branch, a tag or a commit.");
        return new HubCache(_options.CacheFolder, name);
    }

    private async Task<(string Commit, IReadOnlyList<string> Files)> ListAsync(string name, string revision, CancellationToken cancellation)
    {
        string what = $"model '{name}' of revision '{revision}'";
        Uri address = Address($"api/models/{name}/revision/{Uri.EscapeDataString(revision)}");
        byte[] list = await RetryAsync(async () =>
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, address, 0, followHosts: true, cancellation);
            Check(response, what);
            using CancellationTokenSource timeout = Limit(cancellation);
            try
            {
                await response.Content.LoadIntoBufferAsync(MaxListBytes, timeout.Token);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
            {
                throw new GenQException($"{_options.Endpoint} answers with more than {MaxListBytes:N0} bytes for {what}, which is no list of files. Check HF_ENDPOINT.", e);
            }

            return await response.Content.ReadAsByteArrayAsync(timeout.Token);
        }, cancellation);
        try
        {
            // As bytes: what the answer says of its charset may be false, and JSON is UTF-8.
            using JsonDocument json = JsonDocument.Parse(list.AsMemory(list.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
            string commit = json.RootElement.GetProperty("sha").GetString() ?? "";
            string[] files = [.. json.RootElement.GetProperty("siblings").EnumerateArray()
                .Select(sibling => sibling.GetProperty("rfilename").GetString() ?? "")];
            return HubCache.IsCommit(commit) ? (commit, files) : throw new KeyNotFoundException($"'{commit}' is no commit.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new GenQException(
                $"{_options.Endpoint} does not answer like a Hugging Face hub for {what}: {e.Message} Check HF_ENDPOINT.", e);
        }
    }

    private async Task<RemoteFile> DescribeAsync(string name, string commit, string file, CancellationToken cancellation)
    {
        Uri address = Address($"{name}/resolve/{commit}/{file}");
        string what = $"'{file}' of '{name}'";
        return await RetryAsync(async () =>
        {
            // The hub itself knows hash and size; the host that a large file is redirected to need not be asked.
            using HttpResponseMessage response = await SendAsync(HttpMethod.Head, address, 0, followHosts: false, cancellation);
            if (!IsRedirect(response)) Check(response, what);
            string tag = Header(response, "X-Linked-Etag") ?? Header(response, "ETag") ?? "";
            string hash = tag.Replace("W/", "", StringComparison.Ordinal).Trim('"');
            long? size = long.TryParse(Header(response, "X-Linked-Size"), NumberStyles.None, CultureInfo.InvariantCulture, out long linked)
                ? linked
                : IsRedirect(response) ? null : response.Content.Headers.ContentLength;
            if (!BlobName().IsMatch(hash) || size is null or < 0 or > MaxFileBytes)
            {
                throw new GenQException(
                    $"{_options.Endpoint} gives no ETag or no size for {what}, as a Hugging Face hub does. Check HF_ENDPOINT.");
            }

            return new RemoteFile(file, address, hash, size.Value, what);
        }, cancellation);
    }

    private async Task FetchAsync(RemoteFile file, HubCache cache, Action<long> report, CancellationToken cancellation)
    {
        string blob = cache.Blob(file.Hash);
        if (File.Exists(blob) && new FileInfo(blob).Length == file.Size) return;
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        await using (FileStream target = new(blob + IncompleteSuffix, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            if (target.Length > file.Size) target.SetLength(0);
            target.Position = target.Length;
            report(target.Length);
            long farthest = target.Length;
            int failures = 0;
            while (target.Length < file.Size)
            {
                Exception? failure = await AppendAsync(file, target, report, cancellation);
                if (failure is null) continue;
                failures = target.Length >= farthest + LeastBytes ? 1 : failures + 1;
                if (failures == 1) farthest = target.Length;
                if (failures > _options.Retries)
                    throw Unreachable($"{file.What} broke off at {target.Length} of {file.Size} bytes", failure);
                await PauseAsync(failures, cancellation);
            }

            if (!await HasHashAsync(target, file.Hash, cancellation))
            {
                target.SetLength(0);
                throw new GenQException($"{file.What} arrived damaged: its bytes do not have the hash {file.Hash}. Download it again.");
            }

            target.Flush(flushToDisk: true);
        }

        File.Move(blob + IncompleteSuffix, blob, overwrite: true);
    }

    // Appends what the server gives. Failures of the network are returned, those of the disk thrown.
    private async Task<Exception?> AppendAsync(RemoteFile file, FileStream target, Action<long> report, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await SendAsync(HttpMethod.Get, file.Address, target.Length, followHosts: true, cancellation);
        }
        catch (Exception e) when (IsNetworkFailure(e, cancellation))
        {
            return e;
        }

        using (response)
        {
            if (IsTransient(response)) return new HttpRequestException($"the server answered {(int)response.StatusCode}.");
            Check(response, file.What);
            if (response.StatusCode != HttpStatusCode.PartialContent) target.SetLength(0); // the whole file, whatever was asked for
            else if (response.Content.Headers.ContentRange?.From != target.Length)
                return new HttpRequestException("the server sent another range than it was asked for.");

            byte[] buffer = new byte[1 << 16];
            long stretchStart = Stopwatch.GetTimestamp(), before = target.Length;
            while (true)
            {
                int read;
                if (Stopwatch.GetElapsedTime(stretchStart) > Stretch)
                {
                    if (target.Length - before < LeastBytes) return new HttpRequestException($"the server sent {target.Length - before} bytes in {Stretch.TotalSeconds} seconds.");
                    (stretchStart, before) = (Stopwatch.GetTimestamp(), target.Length);
                }

                try
                {
                    using CancellationTokenSource timeout = Limit(cancellation);
                    Stream body = await response.Content.ReadAsStreamAsync(timeout.Token);
                    read = await body.ReadAsync(buffer, timeout.Token);
                }
                catch (Exception e) when (IsNetworkFailure(e, cancellation))
                {
                    return e;
                }

                if (read == 0) break;
                if (target.Length + read > file.Size)
                {
                    target.SetLength(0);
                    throw new GenQException(
                        $"{file.What} arrived damaged: it is longer than the {file.Size} bytes expected. Download it again.");
                }

                await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
                report(target.Length);
            }
        }

        return target.Length < file.Size ? new HttpRequestException("the server closed the connection early.") : null;
    }

    // Repeats a small request after a hiccup. A hub that cannot even be connected to is told at once: the network is off, or the address
    // wrong.
    private async Task<T> RetryAsync<T>(Func<Task<T>> request, CancellationToken cancellation)
    {
        long started = Stopwatch.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            Exception failure;
            try
            {
                return await request();
            }
            catch (Exception e) when (IsNetworkFailure(e, cancellation))
            {
                failure = e;
            }

            bool isOff = failure is HttpRequestException
            {
                HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                    or HttpRequestError.SecureConnectionError,
            };
            if (isOff || failures > _options.Retries || Stopwatch.GetElapsedTime(started) > Patience) throw Unreachable($"{_options.Endpoint} cannot be reached", failure);
            await PauseAsync(failures, cancellation);
        }
    }

    private static bool IsNetworkFailure(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private Task PauseAsync(int failures, CancellationToken cancellation) =>
        Task.Delay(_options.RetryDelay * Math.Pow(2, failures - 1), cancellation);

    // Follows redirects; with followHosts false, only as long as they stay on the hub.
    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, long start, bool followHosts, CancellationToken cancellation)
    {
        for (int redirects = 0; ; redirects++)
        {
            using HttpRequestMessage request = new(method, address);
            request.Headers.AcceptEncoding.ParseAdd("identity");
            if (start > 0) request.Headers.Range = new RangeHeaderValue(start, null);
            if (_options.Token is { } token && IsHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            HttpResponseMessage response;
            try
            {
                using CancellationTokenSource timeout = Limit(cancellation);
                response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, $"no answer from {address.Host} in time.", e);
            }

            if (!IsRedirect(response) || response.Headers.Location is not { } location) return response;
            if (!Uri.TryCreate(address, location, out Uri? next) || next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme == "http"))
            {
                response.Dispose();
                throw new GenQException($"{_options.Endpoint} redirects to '{location}', expected an address of https. Check HF_ENDPOINT.");
            }

            if (!followHosts && (!IsHub(next) || Header(response, "X-Linked-Etag") is not null)) return response;
            response.Dispose();
            if (redirects == MaxRedirects) throw new GenQException($"{_options.Endpoint} redirects in circles. Check HF_ENDPOINT.");
            address = next;
        }
    }

    private Uri Address(string path) => new(_options.Endpoint.AbsoluteUri.TrimEnd('/') + "/" + path);

    private bool IsHub(Uri address) =>
        (address.Scheme, address.Authority) == (_options.Endpoint.Scheme, _options.Endpoint.Authority);

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308;

    private static bool IsTransient(HttpResponseMessage response) => (int)response.StatusCode is 408 or 429 or >= 500;

    private void Check(HttpResponseMessage response, string what)
    {
        if (response.IsSuccessStatusCode) return;
        if (IsTransient(response)) throw new HttpRequestException($"the server answered {(int)response.StatusCode}.");
        throw new GenQException(response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when _options.Token is null =>
                $"{_options.Endpoint} answers 401 for {what}: there is no such model, or it needs an access token. " +
                "Check the name, or set HF_TOKEN to a token that may read it.",
            HttpStatusCode.Unauthorized =>
                $"{_options.Endpoint} answers 401 for {what}: the token in HF_TOKEN is not valid. Set another, or none.",
            HttpStatusCode.Forbidden =>
                $"{_options.Endpoint} answers 403 for {what}: the model is gated. Ask for access on its page, then set HF_TOKEN.",
            HttpStatusCode.NotFound =>
                $"{_options.Endpoint} has no {what} (404). Check the name and the revision, or give a folder that is here.",
            _ => $"{_options.Endpoint} answers {(int)response.StatusCode} for {what}.",
        });
    }

    private static GenQException Unreachable(string what, Exception failure) => new(
        $"{what}: {Reason(failure)} Check the network and HF_ENDPOINT and try again: a download goes on where it stopped. " +
        "Without a network, give a folder.",
        failure as HttpRequestException ?? new HttpRequestException(failure.Message, failure));

    /// <summary>Why a request failed, for a person: "see inner exception" and "the operation was canceled" say nothing.</summary>
    internal static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: { } inner }
            => $"no secure connection could be made, for its certificate is not trusted, or it speaks no TLS: {inner.GetBaseException().Message}",
        OperationCanceledException => $"the server stopped in the middle of its answer, and was silent for {Silence.TotalSeconds:0} s.",
        _ => failure.Message,
    };

    private static CancellationTokenSource Limit(CancellationToken cancellation)
    {
        CancellationTokenSource source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        source.CancelAfter(Silence);
        return source;
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;

    // Large files are named by their SHA-256, small ones by git: SHA-1 of "blob SIZE\0" and the bytes. Other servers' names say nothing.
    private static async Task<bool> HasHashAsync(FileStream file, string hash, CancellationToken cancellation)
    {
        if (!HexHash().IsMatch(hash)) return true;
        using IncrementalHash hasher = IncrementalHash.CreateHash(hash.Length == 64 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (hash.Length == 40) hasher.AppendData(Encoding.ASCII.GetBytes($"blob {file.Length}\0"));
        file.Position = 0;
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = await file.ReadAsync(buffer, cancellation)) > 0;) hasher.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hasher.GetHashAndReset()) == hash;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]*/[A-Za-z0-9_][A-Za-z0-9._-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._/-]*\z")]
    private static partial Regex Revision();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,128}\z")]
    private static partial Regex BlobName();

    [GeneratedRegex(@"\A([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex HexHash();

    // What: how messages name the file.
    private sealed record RemoteFile(string Name, Uri Address, string Hash, long Size, string What);
}
