using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace GenQ.Cli;

/// <summary>
/// Says which values an option takes. Any other is wrong usage, told before anything is loaded: the option as it is typed,
/// what it must be, what it got. Numbers are read with a decimal point in every country.
/// </summary>
internal static class OptionValues
{
    /// <summary>Takes any whole number.</summary>
    public static Option<long> WholeNumber(this Option<long> option) => option.Within(_ => true, "a whole number");

    /// <summary>Takes numbers of at least <paramref name="least"/>.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, T least)
        where T : struct, INumber<T> => option.Within(value => value >= least, $"at least {least}");

    /// <summary>Takes numbers of at least <paramref name="least"/>, or none.</summary>
    public static Option<T?> AtLeast<T>(this Option<T?> option, T least)
        where T : struct, INumber<T> => option.Within(value => value >= least, $"at least {least}");

    /// <summary>Takes numbers of a range.</summary>
    /// <param name="option">The option.</param>
    /// <param name="isInRange">A comparison, not its negation, so that NaN is in no range.</param>
    /// <param name="range">The range in words, to follow "must be".</param>
    public static Option<T> Within<T>(this Option<T> option, Func<T, bool> isInRange, string range)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read(result, option.Name, isInRange, range);
        return option;
    }

    /// <summary>Takes numbers of a range, or none.</summary>
    /// <inheritdoc cref="Within{T}(Option{T}, Func{T, bool}, string)"/>
    public static Option<T?> Within<T>(this Option<T?> option, Func<T, bool> isInRange, string range)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => Read(result, option.Name, isInRange, range);
        return option;
    }

    /// <summary>Takes numbers of a range, each behind the option's name.</summary>
    /// <inheritdoc cref="Within{T}(Option{T}, Func{T, bool}, string)"/>
    public static Option<T[]> Within<T>(this Option<T[]> option, Func<T, bool> isInRange, string range)
        where T : struct, INumber<T>
    {
        option.CustomParser = result => [.. Enumerable.Range(0, result.Tokens.Count).Select(i => Read(result, option.Name, isInRange, range, i))];
        return option;
    }

    /// <summary>Takes the names of an enumeration, in any case.</summary>
    public static Option<T> Names<T>(this Option<T> option)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
        option.CompletionSources.Clear();
        option.CompletionSources.Add(names);
        option.CustomParser = result => IsAmong(names, result, option.Name) ? Enum.Parse<T>(result.Tokens[0].Value, ignoreCase: true) : default;
        return option;
    }

    /// <summary>Takes the given words alone, in any case; the value is the word as it is given here.</summary>
    public static Option<string> OneOf(this Option<string> option, params string[] words)
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add(words);
        option.CustomParser = result => IsAmong(words, result, option.Name) ? words.First(word => Is(word, result)) : null;
        return option;
    }

    /// <summary>What is wrong with texts that hold no word, such as a folder in a variable that is not set.</summary>
    public static IEnumerable<string> BlankTexts(ParseResult parsed)
    {
        foreach (SymbolResult result in parsed.CommandResult.Children)
        {
            (string Name, Type Type)? symbol = result switch
            {
                OptionResult option => (option.Option.Name, option.Option.ValueType),
                ArgumentResult argument => (argument.Argument.Name, argument.Argument.ValueType),
                _ => null,
            };
            bool isText = symbol?.Type == typeof(string) || symbol?.Type == typeof(string[]);
            if (isText && result.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) yield return $"{symbol!.Value.Name} must not be empty.";
        }
    }

    private static T Read<T>(ArgumentResult result, string option, Func<T, bool> isInRange, string range, int place = 0)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[place].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && isInRange(value)) return value;
        result.AddError($"{option} must be {range}, got {text}.");
        return default;
    }

    private static bool IsAmong(string[] words, ArgumentResult result, string option)
    {
        if (Array.Exists(words, word => Is(word, result))) return true;
        result.AddError($"{option} must be {string.Join(", ", words[..^1])} or {words[^1]}, got {result.Tokens[0].Value}.");
        return false;
    }

    private static bool Is(string word, ArgumentResult result) => word.Equals(result.Tokens[0].Value, StringComparison.OrdinalIgnoreCase);
}
