using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GenQ.Tests.Hub;

/// <summary>A hub of this machine with one model, <c>org/model</c>; a test may spoil any of its answers.</summary>
internal sealed class FakeHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly Dictionary<string, byte[]> _files;

    public FakeHub(params (string Name, string Content)[] files)
    {
        _files = files.ToDictionary(file => file.Name, file => Encoding.UTF8.GetBytes(file.Content));
        Server = new LocalServer(request => Spoil(request, Answer(request)));
    }

    public LocalServer Server { get; }

    public Func<LocalServer.Request, LocalServer.Answer, LocalServer.Answer> Spoil { get; set; } = (_, answer) => answer;

    /// <summary>The requests for contents, as "file" or "file from N".</summary>
    public IEnumerable<string> Fetched => Server.Requests.Where(request => request.Method == "GET" && request.Path.Contains("/resolve/"))
        .Select(request => request.Path.Split('/')[^1] + (request.Headers.TryGetValue("Range", out string? range) ? " " + range : ""));

    public static (string Name, string Content)[] Encoder =>
    [
        ("config.json", "{}"), ("model.safetensors", "the weights, which are long enough to break off"), ("vocab.txt", "[UNK]"),
        ("modules.json", "[]"), ("1_Pooling/config.json", "{ }"), ("tf_model.h5", "not for us"), ("onnx/model.onnx", "nor this"),
    ];

    public static bool IsLarge(string file) => file.EndsWith("model.safetensors", StringComparison.Ordinal);

    /// <summary>Large files go by SHA-256, the others by git's hash of a blob.</summary>
    public static string Hash(string file, byte[] content)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(IsLarge(file) ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (!IsLarge(file)) hash.AppendData(Encoding.ASCII.GetBytes($"blob {content.Length}\0"));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static LocalServer.Answer Slice(byte[] content, LocalServer.Request request)
    {
        if (!request.Headers.TryGetValue("Range", out string? range)) return new LocalServer.Answer(200, content);
        int start = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        return new LocalServer.Answer(206, content[start..])
        {
            Headers = { ["Content-Range"] = $"bytes {start}-{content.Length - 1}/{content.Length}" },
        };
    }

    public void Dispose() => Server.Dispose();

    private LocalServer.Answer Answer(LocalServer.Request request)
    {
        if (request.Path.StartsWith("/api/models/org/model/revision/", StringComparison.Ordinal))
        {
            return new LocalServer.Answer(200, JsonSerializer.SerializeToUtf8Bytes(new
            {
                sha = Commit,
                siblings = _files.Keys.Select(name => new { rfilename = name }),
            }));
        }

        const string Prefix = $"/org/model/resolve/{Commit}/";
        string file = request.Path.StartsWith(Prefix, StringComparison.Ordinal) ? request.Path[Prefix.Length..] : "";
        if (!_files.TryGetValue(file, out byte[]? content)) return new LocalServer.Answer(404, []);
        LocalServer.Answer answer = Slice(content, request);
        answer.Headers["X-Repo-Commit"] = Commit;
        answer.Headers["ETag"] = $"\"{Hash(file, content)}\"";
        if (IsLarge(file)) answer.Headers["X-Linked-Etag"] = answer.Headers["ETag"];
        if (IsLarge(file)) answer.Headers["X-Linked-Size"] = content.Length.ToString(CultureInfo.InvariantCulture);
        return answer;
    }
}
