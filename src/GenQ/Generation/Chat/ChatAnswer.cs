using System.Text.Json;
using System.Text.RegularExpressions;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Generation;

/// <summary>
/// Reads what a language model has answered: the JSON it was asked for, also within prose or a code fence, cut off, or in another shape; else
/// lines that name their kind. Whatever is found is cleaned: one line, no numbers or quotation marks around it, none twice.
/// </summary>
internal static partial class ChatAnswer
{
    // Nobody types longer queries; a model that does not stop writes them.
    private const int MostWords = 40, MostLetters = 300;

    // What fifty passages need, twice; one that does not end is read so far.
    private const int MostAnswer = 100_000;

    // The common words of English are 8 % and more of what four English queries hold together, and next to none of other languages' text.
    private const double EnglishAtLeast = 0.2, ForeignAtMost = 0.05;
    private const int FewestWordsToTell = 15;

    /// <summary>Reads the queries of a call.</summary>
    /// <param name="text">What the model has written.</param>
    /// <param name="asked">The kinds, and how many of each.</param>
    /// <param name="places">The kind of each query of a passage, in their order.</param>
    /// <param name="passages">The passages of the call.</param>
    /// <param name="isRefused">Whether the service says that the model would not write.</param>
    /// <returns>An answer for each passage.</returns>
    public static PassageAnswer[] Read(
        string text, IReadOnlyList<QueryTask> asked, IReadOnlyList<QueryTask> places, IReadOnlyList<Passage> passages, bool isRefused)
    {
        string answer = Thought().Replace(text.Length > MostAnswer ? text[..MostAnswer] : text, "").Trim();
        FoundQueries found = new(asked, places, passages.Count);
        bool isJson = AnswerJson.FindIn(answer) is { } json && found.Take(json);
        if (!isJson) found.TakeLines(answer);
        ChatFault none = isRefused ? ChatFault.Refused
            : answer.Length == 0 ? ChatFault.Empty
            : found.Any ? ChatFault.Empty
            : Refusal().IsMatch(answer) ? ChatFault.Refused
            : ChatFault.Malformed;
        return [.. passages.Select((passage, i) => found.Of(i) is { } own ? Clean(own, asked, places, passage) : Nothing(none))];

        PassageAnswer Nothing(ChatFault fault) => new([.. places.Select(_ => "")], fault);
    }

    /// <summary>Reads the ratings of a call.</summary>
    /// <param name="text">What the model has written.</param>
    /// <param name="counts">How many queries each passage of the call has.</param>
    /// <returns>For each passage a rating for each query, 1 to 10; <see langword="null"/> where they cannot be told.</returns>
    public static int[]?[] ReadRatings(string text, IReadOnlyList<int> counts)
    {
        List<int[]> lists = [];
        if (AnswerJson.FindIn(Thought().Replace(text, "")) is { } json) Collect(json);
        return [.. counts.Select((count, i) => i < lists.Count && lists[i].Length == count ? lists[i] : null)];

        void Collect(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in element.EnumerateObject()) Collect(property.Value);
            }
            else if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0 && element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Number))
            {
                lists.Add([.. element.EnumerateArray().Select(item => (int)Math.Clamp(Math.Round(item.GetDouble()), 1, 10))]);
            }
            else if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement item in element.EnumerateArray()) Collect(item);
            }
        }
    }

    private static PassageAnswer Clean(Dictionary<string, List<string>> own, IReadOnlyList<QueryTask> asked, IReadOnlyList<QueryTask> places, Passage passage)
    {
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, Queue<string>> sound = [];
        int repeated = 0, overlong = 0;
        foreach (QueryTask kind in asked)
        {
            string[] clean = [.. own.GetValueOrDefault(kind.Name, []).Select(query => OneLine(query, kind.Name)).Where(query => query.Length > 0)];
            string[] fitting = [.. clean.Where(query => query.Length <= MostLetters && query.Count(c => c == ' ') < MostWords)];
            string[] distinct = [.. fitting.Where(known.Add)];
            overlong += clean.Length - fitting.Length;
            repeated += fitting.Length - distinct.Length;
            sound[kind.Name] = new Queue<string>(distinct);
        }

        string[] queries = [.. places.Select(kind => sound[kind.Name].TryDequeue(out string? query) ? query : "")];
        bool isMore = sound.Values.Any(rest => rest.Count > 0), isSilent = Array.TrueForAll(queries, query => query.Length == 0);
        if (isSilent) return new PassageAnswer(queries, overlong > 0 ? ChatFault.Malformed : ChatFault.Unusable, isMore, repeated);
        if (IsInAnotherLanguage(passage.SearchText, string.Join(' ', queries)))
            return new PassageAnswer([.. queries.Select(_ => "")], ChatFault.OtherLanguage, isMore, repeated);
        return new PassageAnswer(queries, Array.Exists(queries, query => query.Length == 0) ? ChatFault.Fewer : ChatFault.None, isMore, repeated);
    }

    // By letters where the scripts differ; else English is told from other languages, which is what models fall back to.
    private static bool IsInAnotherLanguage(string passage, string queries)
    {
        double foreign = ForeignLetters(passage), asked = ForeignLetters(queries);
        if (Math.Abs(foreign - asked) > 0.5) return foreign < 0.1 || asked < 0.02;
        if (passage.Count(c => c == ' ') < FewestWordsToTell || queries.Count(c => c == ' ') < FewestWordsToTell) return false;
        double english = EnglishText.Share([new Passage("", passage)]), askedEnglish = EnglishText.Share([new Passage("", queries)]);
        return (english >= EnglishAtLeast && askedEnglish < ForeignAtMost) || (english < ForeignAtMost && askedEnglish >= EnglishAtLeast);
    }

    private static double ForeignLetters(string text)
    {
        const char lastLatin = '\u036F';
        int letters = text.Count(char.IsLetter);
        return letters == 0 ? 0 : text.Count(c => c > lastLatin && char.IsLetter(c)) / (double)letters;
    }

    private static string OneLine(string query, string kind)
    {
        string line = string.Join(' ', query.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        line = FoundQueries.Bullet().Replace(line, "");
        if (line.StartsWith(kind + ":", StringComparison.OrdinalIgnoreCase)) line = line[(kind.Length + 1)..].TrimStart();
        foreach ((char open, char close) in ((char, char)[])[('"', '"'), ('\'', '\''), ('“', '”'), ('`', '`')])
        {
            // Quotation marks inside belong to the query: "a" or "b".
            if (line.Length > 1 && line[0] == open && line[^1] == close && line.AsSpan(1, line.Length - 2).IndexOfAny(open, close) < 0) line = line[1..^1].Trim();
        }

        return line is "…" or "..." or "-" ? "" : line;
    }

    [GeneratedRegex(@"<think(ing)?>.*?(</think(ing)?>|$)", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Thought();

    [GeneratedRegex(@"\b(I|we)('m| am| are)? ?(sorry|unable|not able|can(no|')t|won't|will not|must decline)|\bas an AI\b|\bcan(no|')t (help|assist|comply|do that)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();
}
