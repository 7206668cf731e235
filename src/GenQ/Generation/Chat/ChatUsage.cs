using System.Globalization;
using System.Text.Json.Serialization;

namespace GenQ.Generation;

/// <summary>What a language model was asked and what came of it.</summary>
public sealed record ChatUsage
{
    /// <summary>Calls that were answered, those of the judge included.</summary>
    public int Calls { get; init; }

    /// <summary>Tokens that the model read, as far as its service says.</summary>
    public long TokensIn { get; init; }

    /// <summary>Tokens that the model wrote, as far as its service says.</summary>
    public long TokensOut { get; init; }

    /// <summary>Passages that the model was asked about.</summary>
    public int Passages { get; init; }

    /// <summary>Passages whose answer was there from an earlier run.</summary>
    public int FromCache { get; init; }

    /// <summary>Passages that were asked about a second time, because the first answer had a fault.</summary>
    public int AskedAgain { get; init; }

    /// <summary>Passages that the model found unusable.</summary>
    public int Unusable { get; init; }

    /// <summary>Passages for which the model would not write.</summary>
    public int Refused { get; init; }

    /// <summary>Passages whose answer was empty, or left them out.</summary>
    public int Empty { get; init; }

    /// <summary>Passages whose answer could not be read.</summary>
    public int Malformed { get; init; }

    /// <summary>Passages with fewer queries than were asked for.</summary>
    public int Fewer { get; init; }

    /// <summary>Passages with more queries than were asked for; the first ones count.</summary>
    public int More { get; init; }

    /// <summary>Queries that repeated another of their passage.</summary>
    public int Repeated { get; init; }

    /// <summary>Passages whose queries were in another language.</summary>
    public int OtherLanguage { get; init; }

    /// <summary>Queries that the judge rated below the threshold.</summary>
    public int RatedLow { get; init; }

    /// <summary>The usage in a sentence; faults that did not happen are left out.</summary>
    [JsonIgnore]
    public string InWords
    {
        get
        {
            (string Name, int Count)[] faults =
            [
                ("asked again", AskedAgain), ("unusable passages", Unusable), ("refused", Refused), ("empty", Empty), ("malformed", Malformed),
                ("with fewer queries", Fewer), ("with more queries", More), ("repeated queries", Repeated), ("in another language", OtherLanguage),
                ("rated low", RatedLow),
            ];
            string told = string.Concat(faults.Where(fault => fault.Count > 0).Select(fault => string.Create(CultureInfo.InvariantCulture, $", {fault.Name} {fault.Count:N0}")));
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{Calls:N0} calls, {TokensIn:N0} tokens in, {TokensOut:N0} out; {Passages:N0} passages asked about, {FromCache:N0} answered before{told}");
        }
    }

    /// <summary>Adds what two have counted.</summary>
    public static ChatUsage operator +(ChatUsage left, ChatUsage right) => Add(left, right);

    /// <summary>Adds what two have counted.</summary>
    public static ChatUsage Add(ChatUsage left, ChatUsage right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new ChatUsage
        {
            Calls = left.Calls + right.Calls,
            TokensIn = left.TokensIn + right.TokensIn,
            TokensOut = left.TokensOut + right.TokensOut,
            Passages = left.Passages + right.Passages,
            FromCache = left.FromCache + right.FromCache,
            AskedAgain = left.AskedAgain + right.AskedAgain,
            Unusable = left.Unusable + right.Unusable,
            Refused = left.Refused + right.Refused,
            Empty = left.Empty + right.Empty,
            Malformed = left.Malformed + right.Malformed,
            Fewer = left.Fewer + right.Fewer,
            More = left.More + right.More,
            Repeated = left.Repeated + right.Repeated,
            OtherLanguage = left.OtherLanguage + right.OtherLanguage,
            RatedLow = left.RatedLow + right.RatedLow,
        };
    }
}
