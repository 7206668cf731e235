using Npgsql;

namespace GenQ.Postgres;

/// <summary>Reads where a database is: a connection string, or an address as <c>postgres://user@host:5432/database?sslmode=disable</c>.</summary>
internal static class PostgresAddress
{
    /// <summary>Reads it. What is not said in it Npgsql takes from PGUSER, PGPASSWORD and their kin.</summary>
    /// <exception cref="ArgumentException">It is neither; the message does not repeat it, since it may hold a password.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string address)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(address);
        try
        {
            if (!address.Contains("://", StringComparison.Ordinal)) return new NpgsqlConnectionStringBuilder(address);
            Uri uri = new(address);
            if (uri.Scheme is not ("postgres" or "postgresql") || uri.Host.Length == 0) throw new FormatException();
            NpgsqlConnectionStringBuilder settings = new() { Host = uri.Host, Port = uri.IsDefaultPort || uri.Port < 0 ? NpgsqlConnection.DefaultPort : uri.Port };
            if (Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')) is { Length: > 0 } database) settings.Database = database;
            string[] user = uri.UserInfo.Split(':', 2);
            if (user[0].Length > 0) settings.Username = Uri.UnescapeDataString(user[0]);
            if (user.Length > 1) settings.Password = Uri.UnescapeDataString(user[1]);
            foreach (string[] part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
                settings[NameOf(Uri.UnescapeDataString(part[0]))] = Uri.UnescapeDataString(part.ElementAtOrDefault(1) ?? "");
            return settings;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or KeyNotFoundException or InvalidCastException)
        {
            throw new ArgumentException("This is no address of a PostgreSQL database: expected is postgres://USER@HOST:PORT/DATABASE, or a connection string of Npgsql.", nameof(address));
        }
    }

    // As libpq writes it.
    private static string NameOf(string name) => name == "sslmode" ? "SSL Mode" : name;
}
