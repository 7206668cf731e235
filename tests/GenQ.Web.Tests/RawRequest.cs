using System.Net.Sockets;
using System.Text;

namespace GenQ.Web.Tests;

/// <summary>Sends bytes as they are: a client of .NET mends what a hostile one would not.</summary>
internal static class RawRequest
{
    /// <summary>Sends a request and reads what comes, to the end.</summary>
    public static async Task<string> SendAsync(Uri server, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(server.Host, server.Port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        return await ReadAsync(client.GetStream());
    }

    /// <summary>Reads to the end of a connection, also to one that is cut.</summary>
    public static async Task<string> ReadAsync(NetworkStream connection)
    {
        using MemoryStream all = new();
        try
        {
            await connection.CopyToAsync(all);
        }
        catch (IOException)
        {
            // The server has cut it; what came before counts.
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
