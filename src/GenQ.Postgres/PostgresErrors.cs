using System.Net.Sockets;
using Microsoft.Extensions.VectorData;
using Npgsql;

namespace GenQ.Postgres;

/// <summary>Puts what can go wrong with a server into words that say where and what to do, and never a password.</summary>
internal sealed class PostgresErrors(NpgsqlConnectionStringBuilder settings)
{
    /// <summary>The database's name.</summary>
    public string? Database => settings.Database ?? settings.Username;

    private string Server => $"PostgreSQL at {settings.Host ?? "localhost"}:{settings.Port}";

    /// <summary>Does something, and words its failure.</summary>
    /// <param name="operation">What is done.</param>
    /// <param name="collection">The table.</param>
    /// <param name="act">Does it.</param>
    /// <exception cref="VectorStoreException">It failed on the server, or on the way there.</exception>
    public async Task<T> WrapAsync<T>(string operation, string? collection, Func<Task<T>> act)
    {
        try
        {
            return await act().ConfigureAwait(false);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new VectorStoreException(Words(e, collection), e)
            {
                VectorStoreSystemName = PostgresVectorStore.SystemName,
                VectorStoreName = Database,
                CollectionName = collection,
                OperationName = operation,
            };
        }
    }

    private string Words(Exception e, string? table) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } =>
            $"{Server} refuses the user '{settings.Username}'. Give the right user, and the password in the environment variable PGPASSWORD.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => $"{Server} has no database '{Database}': create it, or name another.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } refused =>
            $"{Server} does not let the user '{settings.Username}' do that: {refused.MessageText}. Let the owner of the database run CREATE EXTENSION vector once, and grant the rest.",
        PostgresException { SqlState: PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.UndefinedFile, MessageText: var text } when text.Contains("extension", StringComparison.Ordinal) =>
            $"{Server} has no extension 'vector' ({text}): install pgvector on the server.",
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => $"{Server} has no table '{table}' in '{Database}': fill the collection first.",
        PostgresException { SqlState: PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.DatatypeMismatch or PostgresErrorCodes.DataException } other =>
            $"The table '{table}' of {Server} holds other records: {other.MessageText}. Give the collection another name, or delete the table.",
        PostgresException other => $"{Server} refuses: {other.MessageText} ({other.SqlState}).",
        { InnerException: SocketException or TimeoutException or IOException } or SocketException or TimeoutException =>
            $"{Server} does not answer: {(e.InnerException ?? e).Message} Is the server running, and are host and port right?",
        _ when e.Message.Contains("password", StringComparison.OrdinalIgnoreCase) =>
            $"{Server} asks for a password of the user '{settings.Username}': set it in the environment variable PGPASSWORD.",
        _ => $"{Server}: {e.Message}",
    };
}
