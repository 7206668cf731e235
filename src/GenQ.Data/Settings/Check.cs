using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace GenQ.Data;

/// <summary>Checks the values of options where they are set, as in <c>init => field = Check.AtLeast(value, 1)</c>.</summary>
internal static class Check
{
    /// <summary>Returns <paramref name="value"/>, a number of at least <paramref name="least"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less, or not a number.</exception>
    public static T AtLeast<T>(T value, T least, [CallerMemberName] string option = "")
        where T : INumber<T>
        => That(value, value >= least, string.Create(CultureInfo.InvariantCulture, $"at least {least}"), option);

    /// <summary>Returns <paramref name="value"/> where it is in its range.</summary>
    /// <param name="value">The value that is set.</param>
    /// <param name="isInRange">Whether it is. A comparison, not its negation, so that NaN is in no range.</param>
    /// <param name="range">The range in words, to follow "must be".</param>
    /// <param name="option">The property.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static T That<T>(T value, bool isInRange, string range, [CallerMemberName] string option = "")
        => isInRange
            ? value
            : throw new ArgumentOutOfRangeException(
                option, string.Create(CultureInfo.InvariantCulture, $"{option} must be {range}, got {value}."));
}
