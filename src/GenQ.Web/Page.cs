using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace GenQ.Web;

/// <summary>The files of the page, which lie in this assembly.</summary>
internal static class Page
{
    private const string Prefix = "Page/", Index = "index.html";

    private static readonly FrozenDictionary<string, (byte[] Content, string Type, EntityTagHeaderValue Tag)> Files = typeof(Page).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Read);

    /// <summary>Maps them: the page itself at the root, the others beside it.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string name in Files.Keys)
            routes.MapGet(name == Index ? "/" : $"/{name}", (HttpContext context) => Send(context, name)).WithMetadata(new OpenToAll()).ExcludeFromDescription();
    }

    private static IResult Send(HttpContext context, string name)
    {
        (byte[] content, string type, EntityTagHeaderValue tag) = Files[name];
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(content, type, entityTag: tag);
    }

    private static (byte[] Content, string Type, EntityTagHeaderValue Tag) Read(string name)
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        string type = Path.GetExtension(name) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".svg" => "image/svg+xml",
            _ => "text/javascript; charset=utf-8",
        };
        return (content, type, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
    }
}
