using System.Globalization;

namespace GenQ.Data;

/// <summary>The numbers that a setting takes.</summary>
/// <param name="AtLeast">The least number.</param>
/// <param name="AtMost">The largest number.</param>
/// <param name="Above">All numbers are larger than this one.</param>
/// <param name="Below">All numbers are smaller than this one.</param>
internal sealed record SettingRange(double AtLeast, double AtMost, double Above, double Below)
{
    /// <summary>Whether a number belongs to it; what is not finite belongs to none.</summary>
    public bool Holds(double number) => double.IsFinite(number) && number >= AtLeast && number <= AtMost && number > Above && number < Below;

    /// <summary>The range in words, to follow "must be".</summary>
    public override string ToString()
    {
        if (double.IsFinite(AtLeast) && double.IsFinite(AtMost)) return Invariant($"between {AtLeast} and {AtMost}");
        string low = double.IsFinite(AtLeast) ? Invariant($"at least {AtLeast}") : double.IsFinite(Above) ? Invariant($"above {Above}") : "";
        string high = double.IsFinite(AtMost) ? Invariant($"at most {AtMost}") : double.IsFinite(Below) ? Invariant($"below {Below}") : "";
        return (low, high) switch
        {
            ("", "") => "a finite number",
            (_, "") => low.StartsWith("above", StringComparison.Ordinal) ? "a finite number " + low : low,
            ("", _) => high,
            _ => $"{low} and {high}",
        };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
