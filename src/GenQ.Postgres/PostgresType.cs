using Npgsql;
using NpgsqlTypes;

namespace GenQ.Postgres;

/// <summary>How a type of .NET is kept in a column.</summary>
/// <param name="Column">The type of the column.</param>
/// <param name="Parameter">The same, as Npgsql names it.</param>
internal sealed record PostgresType(string Column, NpgsqlDbType Parameter)
{
    private static readonly Dictionary<Type, PostgresType> Known = new()
    {
        [typeof(string)] = new("text", NpgsqlDbType.Text),
        [typeof(int)] = new("integer", NpgsqlDbType.Integer),
        [typeof(long)] = new("bigint", NpgsqlDbType.Bigint),
        [typeof(float)] = new("real", NpgsqlDbType.Real),
        [typeof(double)] = new("double precision", NpgsqlDbType.Double),
        [typeof(bool)] = new("boolean", NpgsqlDbType.Boolean),
        [typeof(Guid)] = new("uuid", NpgsqlDbType.Uuid),
        [typeof(DateTimeOffset)] = new("timestamptz", NpgsqlDbType.TimestampTz),
    };

    /// <summary>The types that are known, in words.</summary>
    public static string Names { get; } = string.Join(", ", Known.Keys.Select(type => type.Name));

    /// <summary>The type for one of .NET, nullable or not; <see langword="null"/> where there is none.</summary>
    public static PostgresType? Of(Type type) => Known.GetValueOrDefault(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>Makes a parameter of a value.</summary>
    public static NpgsqlParameter ParameterOf(Type type, object? value)
        => new() { NpgsqlDbType = Of(type)!.Parameter, Value = value is DateTimeOffset time ? time.ToUniversalTime() : value ?? DBNull.Value };

    /// <summary>Reads a column.</summary>
    public static object? Read(NpgsqlDataReader reader, int column, Type type) => reader.IsDBNull(column) ? null
        : (Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset) ? reader.GetFieldValue<DateTimeOffset>(column)
        : reader.GetValue(column);
}
