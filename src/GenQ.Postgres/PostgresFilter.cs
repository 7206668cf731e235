using System.Linq.Expressions;
using Microsoft.Extensions.VectorData.ProviderServices;
using Microsoft.Extensions.VectorData.ProviderServices.Filter;

namespace GenQ.Postgres;

/// <summary>Turns a filter into SQL: comparisons of a property with a value, <c>&amp;&amp;</c>, <c>||</c>, <c>!</c> and <c>list.Contains(property)</c>.</summary>
internal sealed class PostgresFilter : FilterTranslatorBase
{
    private readonly PostgresSql _sql;

    private PostgresFilter(PostgresSql sql) => _sql = sql;

    /// <summary>Translates it.</summary>
    /// <param name="filter">The filter; none lets all records through.</param>
    /// <param name="model">What a record consists of.</param>
    /// <param name="sql">Receives the values.</param>
    /// <exception cref="NotSupportedException">The filter holds something else.</exception>
    public static string Translate(LambdaExpression? filter, CollectionModel model, PostgresSql sql)
    {
        if (filter is null) return "TRUE";
        PostgresFilter translator = new(sql);
        return translator.Of(translator.PreprocessFilter(filter, model, new FilterPreprocessingOptions()));
    }

    private string Of(Expression expression) => expression switch
    {
        BinaryExpression { NodeType: ExpressionType.AndAlso } both => $"({Of(both.Left)} AND {Of(both.Right)})",
        BinaryExpression { NodeType: ExpressionType.OrElse } either => $"({Of(either.Left)} OR {Of(either.Right)})",
        UnaryExpression { NodeType: ExpressionType.Not } not => $"(NOT {Of(not.Operand)})",
        UnaryExpression { NodeType: ExpressionType.Convert } converted => Of(converted.Operand),
        BinaryExpression comparison => Compare(comparison),
        ConstantExpression { Value: bool always } => always ? "TRUE" : "FALSE",
        MethodCallExpression call when TryMatchContains(call, out Expression? list, out Expression? item) && list is ConstantExpression { Value: System.Collections.IEnumerable values } && PropertyOf(item) is { } property
            => values.Cast<object?>().Select(value => Equal(property, value)).ToArray() is { Length: > 0 } any ? $"({string.Join(" OR ", any)})" : "FALSE",
        _ when PropertyOf(expression) is { } flag && flag.Type == typeof(bool) => PostgresSql.Name(flag.StorageName),
        _ => throw NotSupported(expression),
    };

    private string Compare(BinaryExpression comparison)
    {
        (PropertyModel? property, object? value, ExpressionType type) =
            PropertyOf(comparison.Left) is { } left && TryValue(comparison.Right, out object? right) ? (left, right, comparison.NodeType)
            : PropertyOf(comparison.Right) is { } other && TryValue(comparison.Left, out object? first) ? (other, first, Turned(comparison.NodeType))
            : throw NotSupported(comparison);
        return type switch
        {
            ExpressionType.Equal => Equal(property, value),

            // Unlike <>, it counts what has no value as different.
            ExpressionType.NotEqual => $"({PostgresSql.Name(property.StorageName)} IS DISTINCT FROM {_sql.Value(property.Type, value)})",
            ExpressionType.LessThan => Ordered("<"),
            ExpressionType.LessThanOrEqual => Ordered("<="),
            ExpressionType.GreaterThan => Ordered(">"),
            ExpressionType.GreaterThanOrEqual => Ordered(">="),
            _ => throw NotSupported(comparison),
        };

        string Ordered(string by) => $"({PostgresSql.Name(property.StorageName)} {by} {_sql.Value(property.Type, value)})";
    }

    private string Equal(PropertyModel property, object? value) => value is null
        ? $"({PostgresSql.Name(property.StorageName)} IS NULL)"
        : $"({PostgresSql.Name(property.StorageName)} = {_sql.Value(property.Type, value)})";

    private PropertyModel? PropertyOf(Expression expression)
        => TryBindProperty(expression is UnaryExpression { NodeType: ExpressionType.Convert } converted ? converted.Operand : expression, out PropertyModel? property) ? property : null;

    private static bool TryValue(Expression expression, out object? value)
    {
        Expression bare = expression is UnaryExpression { NodeType: ExpressionType.Convert } converted ? converted.Operand : expression;
        value = (bare as ConstantExpression)?.Value;
        return bare is ConstantExpression;
    }

    private static ExpressionType Turned(ExpressionType type) => type switch
    {
        ExpressionType.LessThan => ExpressionType.GreaterThan,
        ExpressionType.LessThanOrEqual => ExpressionType.GreaterThanOrEqual,
        ExpressionType.GreaterThan => ExpressionType.LessThan,
        ExpressionType.GreaterThanOrEqual => ExpressionType.LessThanOrEqual,
        _ => type,
    };

    private static NotSupportedException NotSupported(Expression expression)
        => new($"A filter may compare a property with a value, join comparisons by &&, || and !, and ask whether a list contains a property. This is none of them: {expression}");
}
