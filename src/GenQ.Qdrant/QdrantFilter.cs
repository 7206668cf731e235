using System.Globalization;
using System.Linq.Expressions;
using Microsoft.Extensions.VectorData.ProviderServices;
using Microsoft.Extensions.VectorData.ProviderServices.Filter;
using Qdrant.Client.Grpc;
using Expression = System.Linq.Expressions.Expression;
using Range = Qdrant.Client.Grpc.Range;

namespace GenQ.Qdrant;

/// <summary>Turns a filter into Qdrant's: comparisons of a property with a value, <c>&amp;&amp;</c>, <c>||</c> and <c>!</c>.</summary>
internal sealed class QdrantFilter : FilterTranslatorBase
{
    /// <summary>Translates it.</summary>
    /// <param name="filter">The filter; none lets all records through.</param>
    /// <param name="model">What a record consists of.</param>
    /// <exception cref="NotSupportedException">The filter holds something else.</exception>
    public static Filter? Translate(LambdaExpression? filter, CollectionModel model)
    {
        if (filter is null) return null;
        QdrantFilter translator = new();
        return translator.Of(translator.PreprocessFilter(filter, model, new FilterPreprocessingOptions()));
    }

    private Filter Of(Expression expression) => expression switch
    {
        BinaryExpression { NodeType: ExpressionType.AndAlso } both => new Filter { Must = { Conditions.Filter(Of(both.Left)), Conditions.Filter(Of(both.Right)) } },
        BinaryExpression { NodeType: ExpressionType.OrElse } either => new Filter { Should = { Conditions.Filter(Of(either.Left)), Conditions.Filter(Of(either.Right)) } },
        UnaryExpression { NodeType: ExpressionType.Not } not => new Filter { MustNot = { Conditions.Filter(Of(not.Operand)) } },
        UnaryExpression { NodeType: ExpressionType.Convert } converted => Of(converted.Operand),
        ConstantExpression { Value: true } => new Filter(),
        BinaryExpression comparison => Compare(comparison),
        _ when PropertyOf(expression) is { } flag && flag.Type == typeof(bool) => new Filter { Must = { Conditions.Match(flag.StorageName, true) } },
        _ => throw NotSupported(expression),
    };

    private Filter Compare(BinaryExpression comparison)
    {
        (PropertyModel? property, object? value, ExpressionType type) =
            PropertyOf(comparison.Left) is { } left && TryValue(comparison.Right, out object? right) ? (left, right, comparison.NodeType)
            : PropertyOf(comparison.Right) is { } other && TryValue(comparison.Left, out object? first) ? (other, first, Turned(comparison.NodeType))
            : throw NotSupported(comparison);
        return type switch
        {
            ExpressionType.Equal => new Filter { Must = { Equal(property, value) } },
            ExpressionType.NotEqual => new Filter { MustNot = { Equal(property, value) } },
            ExpressionType.LessThan => Ordered(new Range { Lt = Number() }),
            ExpressionType.LessThanOrEqual => Ordered(new Range { Lte = Number() }),
            ExpressionType.GreaterThan => Ordered(new Range { Gt = Number() }),
            ExpressionType.GreaterThanOrEqual => Ordered(new Range { Gte = Number() }),
            _ => throw NotSupported(comparison),
        };

        Filter Ordered(Range range) => new() { Must = { Conditions.Range(property.StorageName, range) } };

        double Number() => value is int or long or float or double ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : throw NotSupported(comparison);
    }

    private static Condition Equal(PropertyModel property, object? value) => (property, value) switch
    {
        (KeyPropertyModel, Guid id) => Conditions.HasId(id),
        (KeyPropertyModel, ulong number) => Conditions.HasId(number),
        (_, null) => Conditions.IsNull(property.StorageName),
        (_, string text) => Conditions.MatchKeyword(property.StorageName, text),
        (_, bool flag) => Conditions.Match(property.StorageName, flag),
        (_, int number) => Conditions.Match(property.StorageName, number),
        (_, long number) => Conditions.Match(property.StorageName, number),
        (_, float or double) => Conditions.Range(property.StorageName, new Range { Gte = Convert.ToDouble(value, CultureInfo.InvariantCulture), Lte = Convert.ToDouble(value, CultureInfo.InvariantCulture) }),
        _ => throw new NotSupportedException($"Qdrant compares with {QdrantValues.Names}, got {value.GetType().Name}."),
    };

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
        => new($"A filter may compare a property with a value, and join comparisons by &&, || and !. This is none of them: {expression}");
}
