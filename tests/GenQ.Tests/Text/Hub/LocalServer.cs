using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GenQ.Tests.Hub;

/// <summary>An HTTP server of this machine whose answers a test decides, broken ones included. One request per connection.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, Answer> _answer;

    public LocalServer(Func<Request, Answer> answer)
    {
        _answer = answer;
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = ListenAsync();
    }

    public Uri Address { get; }

    /// <summary>All requests so far, in their order.</summary>
    public ConcurrentQueue<Request> Requests { get; } = new();

    public void Dispose() => _listener.Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await ServeAsync(client.GetStream());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string[] line = (await reader.ReadLineAsync() ?? "").Split(' ');
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await reader.ReadLineAsync() is { Length: > 0 } header)
            headers[header[..header.IndexOf(':')]] = header[(header.IndexOf(':') + 1)..].Trim();
        if (line.Length < 2) return;

        Request request = new(line[0], line[1], headers);
        Requests.Enqueue(request);
        Answer answer = _answer(request);
        StringBuilder head = new($"HTTP/1.1 {answer.Status} -\r\nConnection: close\r\nContent-Length: {answer.Body.Length}\r\n");
        foreach ((string name, string value) in answer.Headers) head.Append(name).Append(": ").Append(value).Append("\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
        if (request.Method != "HEAD") await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.Body.Length, answer.BreakOffAt)));
    }

    internal sealed record Request(string Method, string Path, IReadOnlyDictionary<string, string> Headers);

    /// <param name="Status">The HTTP status.</param>
    /// <param name="Body">What the length header promises.</param>
    /// <param name="BreakOffAt">How many bytes of the body are sent before the connection closes.</param>
    internal sealed record Answer(int Status, byte[] Body, int BreakOffAt = int.MaxValue)
    {
        public Dictionary<string, string> Headers { get; init; } = [];
    }
}
