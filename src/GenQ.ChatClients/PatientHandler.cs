using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace GenQ.ChatClients;

/// <summary>
/// Sends the calls of either protocol: at the pace that is allowed, with a limit of time and length for each answer, again with growing pauses where
/// the failure may pass, or when the service says so. The key goes to the service's own host; a redirect is followed nowhere.
/// </summary>
internal sealed class PatientHandler : DelegatingHandler
{
    // The answer about fifty passages has some 30 KB; reasoning may stand before it.
    private const int MostBytes = 8 << 20;

    // Who asks for more has a limit of the day, and the run can be gone on with tomorrow.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10), LongestPause = TimeSpan.FromMinutes(1);

    private readonly ChatService _service;
    private readonly ChatServiceOptions _options;
    private readonly CallPace _pace;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;
    private readonly ResiliencePipeline<HttpResponseMessage> _limit;
    private volatile bool _hasAnswered;

    public PatientHandler(ChatService service, ChatServiceOptions options, HttpMessageHandler inner)
        : base(inner)
    {
        _service = service;
        _options = options;
        _pace = new CallPace(options.CallsPerMinute);
        _limit = new ResiliencePipelineBuilder<HttpResponseMessage>().AddTimeout(options.TimePerCall).Build();
        _retry = options.Retries == 0 ? ResiliencePipeline<HttpResponseMessage>.Empty : new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Retries,
                Delay = options.RetryDelay,
                MaxDelay = LongestPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is { } e ? MayPass(e) : IsTransient(outcome.Outcome.Result!)),
                DelayGenerator = attempt => ValueTask.FromResult(attempt.Outcome.Result is { } response ? WaitFor(response) : null),
            })
            .Build();
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_service.Owns(request.RequestUri)) throw new ChatServiceException(null, $"a call to {request.RequestUri?.Host} was not sent: it is not {_service.Address.Host}.");
        request.Headers.Authorization = _options.Key is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            HttpResponseMessage response = await _retry.ExecuteAsync(
                async stop =>
                {
                    await _pace.WaitAsync(stop).ConfigureAwait(false);
                    return await _limit.ExecuteAsync(async limited => await AttemptAsync(request, limited).ConfigureAwait(false), stop).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? response : throw Refused(response);
        }
        catch (TimeoutRejectedException e)
        {
            throw new ChatServiceException(null, string.Create(CultureInfo.InvariantCulture, $"no whole answer within {_options.TimePerCall.TotalSeconds} seconds"), "timeout", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            string why = e.GetBaseException() is AuthenticationException tls ? $"{e.Message} {tls.Message}" : e.Message;
            throw new ChatServiceException(null, why.EndsWith('.') ? why : why + ".", (e as HttpRequestException)?.HttpRequestError.ToString(), e);
        }
    }

    // The body is read here, so that one that is cut off or does not end is a failed attempt like any other.
    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"no connection to {_service.Address.Host} in time.", e);
        }

        _hasAnswered = true;
        byte[] body = await ReadAsync(response, cancellation).ConfigureAwait(false);
        MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
        response.Content.Dispose();
        response.Content = new ByteArrayContent(body);
        response.Content.Headers.ContentType = type;
        if (response.IsSuccessStatusCode && !IsJson(body))
            throw new HttpRequestException(HttpRequestError.InvalidResponse, $"the answer is not JSON: \"{Start(body)}\"");
        return response;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using Stream stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using MemoryStream body = new();
        byte[] buffer = new byte[1 << 14];
        for (int read; (read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            body.Write(buffer, 0, read);
            if (body.Length > MostBytes) throw new HttpRequestException(HttpRequestError.InvalidResponse, $"the answer does not end: it has more than {MostBytes >> 20} MB.");
        }

        return body.ToArray();
    }

    // What was never reached is likely not there, and the user can mend it at once; what has answered before may come back.
    private bool MayPass(Exception e) => e is TimeoutRejectedException or IOException
        || (e is HttpRequestException { HttpRequestError: var error }
            && (_hasAnswered || error is not (HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ConnectionError)));

    private bool IsTransient(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is not (408 or 409 or 425 or 429 or >= 500 and not 501)) return false;
        (string reason, string? code) = Reason(response);
        ChatServiceException told = new((int)response.StatusCode, reason, code);
        return !told.IsQuota && !told.IsAboutSchema && (WaitOf(response) is not { } wait || wait <= LongestWait);
    }

    // All other calls wait too: they would be turned away alike.
    private TimeSpan? WaitFor(HttpResponseMessage response)
    {
        TimeSpan? wait = WaitOf(response);
        if (wait is { } time) _pace.Pause(time);
        return wait;
    }

    private static TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } after) return null;
        TimeSpan wait = after.Delta ?? after.Date - TimeProvider.System.GetUtcNow() ?? TimeSpan.Zero;
        return wait > TimeSpan.Zero ? wait : null;
    }

    private ChatServiceException Refused(HttpResponseMessage response)
    {
        using HttpResponseMessage read = response;
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            Uri? to = response.Headers.Location is { } location ? new Uri(_service.Address, location) : null;
            return new ChatServiceException(status, $"it sends callers on to {to?.GetLeftPart(UriPartial.Path) ?? "nowhere"}, which was not followed: the passages and the key are for {_service.Address.Host} alone.", "redirect");
        }

        (string reason, string? code) = Reason(response);
        return new ChatServiceException(status, WaitOf(response) is { } wait && wait > LongestWait ? $"{reason} It asks to wait for {wait}." : reason, code);
    }

    // OpenAI's form {"error":{"message","code"}}, and Ollama's {"error":"…"}; else the beginning of what is there. A key that it repeats is left out.
    private (string Reason, string? Code) Reason(HttpResponseMessage response)
    {
        // The body is in memory by now.
        using MemoryStream copy = new();
        response.Content.CopyTo(copy, null, CancellationToken.None);
        byte[] body = copy.ToArray();
        string? reason = null, code = null;
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            JsonElement error = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out JsonElement inner) ? inner : json.RootElement;
            if (error.ValueKind == JsonValueKind.String) reason = error.GetString();
            if (error.ValueKind == JsonValueKind.Object)
            {
                reason = Text(error, "message") ?? Text(error, "detail");
                code = Text(error, "code") ?? Text(error, "type");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not a service's own answer, but perhaps that of a gate before it.
        }

        string text = reason ?? Start(body);
        return (_options.Key is { } key ? text.Replace(key, "…", StringComparison.Ordinal) : text, code);

        static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Start(byte[] body)
    {
        const int most = 200;
        string text = string.Join(' ', System.Text.Encoding.UTF8.GetString(body, 0, Math.Min(body.Length, 4 * most)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length > most ? text[..most] + "…" : text;
    }
}
