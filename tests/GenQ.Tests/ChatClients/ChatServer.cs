using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GenQ.Tests.ChatClients;

/// <summary>A service of this machine that speaks either protocol, and misbehaves as a test wants it. Calls are served side by side, one on each connection.</summary>
internal sealed class ChatServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly Func<Call, Reply> _reply;

    /// <summary>Starts it.</summary>
    /// <param name="reply">Says what to answer to a call.</param>
    public ChatServer(Func<Call, Reply> reply)
    {
        _reply = reply;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = ListenAsync();
    }

    /// <summary>Starts one whose model writes what a function of the request says.</summary>
    public ChatServer(Func<string, string> write)
        : this(call => Written(write(call.Request)))
    {
    }

    public Uri Address { get; }

    /// <summary>All calls that arrived, in their order.</summary>
    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>What a model has written, as OpenAI's protocol says it.</summary>
    public static Reply Written(string text, string finish = "stop") => Reply.Json(200, new JsonObject
    {
        ["id"] = "1",
        ["object"] = "chat.completion",
        ["created"] = 1,
        ["model"] = "parrot",
        ["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0,
            ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
            ["finish_reason"] = finish,
        }),
        ["usage"] = new JsonObject { ["prompt_tokens"] = 120, ["completion_tokens"] = 30, ["total_tokens"] = 150 },
    });

    /// <summary>The same as Ollama says it.</summary>
    public static Reply OllamaWritten(string text) => Reply.Json(200, new JsonObject
    {
        ["model"] = "parrot",
        ["created_at"] = "2026-01-01T00:00:00Z",
        ["message"] = new JsonObject { ["role"] = "assistant", ["content"] = text },
        ["done"] = true,
        ["done_reason"] = "stop",
        ["prompt_eval_count"] = 120,
        ["eval_count"] = 30,
    });

    /// <summary>An error as OpenAI's protocol says it.</summary>
    public static Reply Error(int status, string message, string? code = null)
        => Reply.Json(status, new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["type"] = "some_error", ["code"] = code } });

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient own = client;
        try
        {
            NetworkStream stream = own.GetStream();
            if (await ReadAsync(stream) is not { } call) return;
            Calls.Enqueue(call);
            await WriteAsync(stream, _reply(call));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client has hung up.
        }
    }

    private async Task<Call?> ReadAsync(NetworkStream stream)
    {
        List<byte> head = [];
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _over.Token) == 0) return null;

            // A handshake of TLS, which this server does not know.
            if (head.Count == 0 && one[0] is < (byte)'A' or > (byte)'z') return null;
            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, string> headers = lines.Skip(1).ToDictionary(line => line[..line.IndexOf(':')], line => line[(line.IndexOf(':') + 1)..].Trim(), StringComparer.OrdinalIgnoreCase);
        string body = headers.TryGetValue("Content-Length", out string? length) ? await TextAsync(stream, int.Parse(length, CultureInfo.InvariantCulture))
            : headers.ContainsKey("Transfer-Encoding") ? await ChunksAsync(stream)
            : "";
        return new Call(lines[0].Split(' ')[1], headers, body);
    }

    private async Task<string> TextAsync(NetworkStream stream, int length)
    {
        byte[] bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, _over.Token);
        return Encoding.UTF8.GetString(bytes);
    }

    private async Task<string> ChunksAsync(NetworkStream stream)
    {
        StringBuilder body = new();
        while (true)
        {
            StringBuilder size = new();
            byte[] one = new byte[1];
            while (!size.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                await stream.ReadExactlyAsync(one, _over.Token);
                size.Append((char)one[0]);
            }

            int length = int.Parse(size.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(await TextAsync(stream, length));
            await TextAsync(stream, 2);
            if (length == 0) return body.ToString();
        }
    }

    private async Task WriteAsync(NetworkStream stream, Reply reply)
    {
        await Task.Delay(reply.After, _over.Token);
        StringBuilder head = new($"HTTP/1.1 {reply.Status} -\r\nConnection: close\r\nContent-Type: application/json\r\n");
        if (!reply.IsEndless) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {reply.Body.Length + reply.Missing}\r\n");
        foreach ((string name, string value) in reply.Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), _over.Token);
        await stream.WriteAsync(reply.Body, _over.Token);
        byte[] more = [.. Enumerable.Repeat((byte)' ', 1 << 16)];
        while (reply.IsEndless) await stream.WriteAsync(more, _over.Token);
    }

    /// <param name="Path">The path that was asked for.</param>
    /// <param name="Headers">The headers.</param>
    /// <param name="Body">The body.</param>
    internal sealed record Call(string Path, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        /// <summary>The last message: what the model is asked.</summary>
        public string Request
        {
            get
            {
                JsonElement content = JsonDocument.Parse(Body).RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content");
                return content.ValueKind == JsonValueKind.String ? content.GetString()! : content[0].GetProperty("text").GetString()!;
            }
        }
    }

    /// <param name="Status">The HTTP status.</param>
    /// <param name="Body">The body.</param>
    internal sealed record Reply(int Status, byte[] Body)
    {
        public IReadOnlyDictionary<string, string> Headers { get; private init; } = new Dictionary<string, string>();

        /// <summary>How many bytes more the head promises than come before the connection closes.</summary>
        public int Missing { get; init; }

        /// <summary>Whether the body never ends.</summary>
        public bool IsEndless { get; init; }

        /// <summary>How long it takes to answer.</summary>
        public TimeSpan After { get; init; }

        public Reply With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };

        public static Reply Json(int status, JsonObject json) => new(status, Encoding.UTF8.GetBytes(json.ToJsonString()));

        public static Reply Text(int status, string text) => new(status, Encoding.UTF8.GetBytes(text));
    }
}
