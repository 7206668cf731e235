using Npgsql;
using NpgsqlTypes;

namespace GenQ.Postgres;

/// <summary>A command while it is put together: its text, and its values as parameters.</summary>
internal sealed class PostgresSql
{
    private readonly List<NpgsqlParameter> _parameters = [];

    /// <summary>A name as SQL takes it, whatever is in it.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A table's whole name.</summary>
    public static string Table(string schema, string name) => $"{Name(schema)}.{Name(name)}";

    /// <summary>Adds a value of a known type.</summary>
    /// <returns>What stands for it in the text.</returns>
    public string Value(Type type, object? value)
    {
        _parameters.Add(PostgresType.ParameterOf(type, value));
        return $"${_parameters.Count}";
    }

    /// <summary>Adds a vector.</summary>
    /// <returns>What stands for it in the text.</returns>
    public string Vector(float[]? numbers)
    {
        _parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Real, Value = (object?)numbers ?? DBNull.Value });
        return $"${_parameters.Count}::real[]::vector";
    }

    /// <summary>The command.</summary>
    public NpgsqlBatchCommand Command(string text)
    {
        NpgsqlBatchCommand command = new(text);
        foreach (NpgsqlParameter parameter in _parameters) command.Parameters.Add(parameter);
        return command;
    }
}
