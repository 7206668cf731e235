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
    private const int MostAnswer = 100_000, MostLine = 1000;

    // The common words of English are 8 % and more of what four English queries hold together, and next to none of other languages' text.
    private const double EnglishAtLeast = 0.2, ForeignAtMost = 0.05;
    private const int FewestWordsToTell = 15;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

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
        Findings found = new(asked, places, passages.Count);
        bool isJson = JsonIn(answer) is { } json && found.Take(json);
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
        if (JsonIn(Thought().Replace(text, "")) is { } json) Collect(json);
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
        line = Bullet().Replace(line, "");
        if (line.StartsWith(kind + ":", StringComparison.OrdinalIgnoreCase)) line = line[(kind.Length + 1)..].TrimStart();
        foreach ((char open, char close) in ((char, char)[])[('"', '"'), ('\'', '\''), ('“', '”'), ('`', '`')])
        {
            // Quotation marks inside belong to the query: "a" or "b".
            if (line.Length > 1 && line[0] == open && line[^1] == close && line.AsSpan(1, line.Length - 2).IndexOfAny(open, close) < 0) line = line[1..^1].Trim();
        }

        return line is "…" or "..." or "-" ? "" : line;
    }

    // The text itself, what stands in its first code fence, and what begins with its first bracket, closed where it was cut off.
    private static JsonElement? JsonIn(string text)
    {
        IEnumerable<string> tries = [text, Fence().Match(text).Groups[1].Value];
        foreach (string attempt in tries.Concat(Bracketed(text)).Where(attempt => attempt.Length > 1))
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(attempt, Lenient);
                RequireText(document.RootElement);
                if (document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array) return document.RootElement.Clone();
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                // The next may do.
            }
        }

        return null;
    }

    // Half of a surrogate pair, written as an escape, is JSON and yet no text.
    private static void RequireText(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            _ = element.GetString();
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in element.EnumerateArray()) RequireText(item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in element.EnumerateObject()) RequireText(property.Value);
        }
    }

    private static IEnumerable<string> Bracketed(string text)
    {
        const int mostTries = 5;
        int start = text.AsSpan().IndexOfAny('{', '[');
        for (int tries = 0; start >= 0 && tries < mostTries; tries++)
        {
            yield return Closed(text[start..]);
            int next = text.AsSpan(start + 1).IndexOfAny('{', '[');
            start = next < 0 ? -1 : start + 1 + next;
        }
    }

    // Up to the bracket that closes the first, or up to the last whole value, with the brackets that are missing.
    private static string Closed(string json)
    {
        Stack<char> open = [];
        bool isText = false, isEscaped = false;
        (int End, char[] Closing) whole = (0, []);
        for (int i = 0; i < json.Length; i++)
        {
            char c = json[i];
            if (isText)
            {
                if (isEscaped) isEscaped = false;
                else if (c == '\\') isEscaped = true;
                else if (c == '"') isText = false;
                if (!isText && open.TryPeek(out char inside) && inside == ']') whole = (i + 1, [.. open]);
            }
            else if (c == '"')
            {
                isText = true;
            }
            else if (c is '{' or '[')
            {
                open.Push(c == '{' ? '}' : ']');
            }
            else if (c is '}' or ']')
            {
                if (!open.TryPop(out char expected) || expected != c) break;
                if (open.Count == 0) return json[..(i + 1)];
                whole = (i + 1, [.. open]);
            }
        }

        return json[..whole.End] + new string(whole.Closing);
    }

    private static string Letters(string name) => new([.. name.Where(char.IsLetter).Select(char.ToLowerInvariant)]);

    [GeneratedRegex(@"<think(ing)?>.*?(</think(ing)?>|$)", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Thought();

    [GeneratedRegex(@"```\w*\s*\n(.*?)(?:\n[ \t]*```|$)", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^(?:[-*•]\s+|\(?\d{1,2}[.)]\s+)+")]
    private static partial Regex Bullet();

    [GeneratedRegex(@"\b(I|we)('m| am| are)? ?(sorry|unable|not able|can(no|')t|won't|will not|must decline)|\bas an AI\b|\bcan(no|')t (help|assist|comply|do that)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Refusal();

    [GeneratedRegex(@"^\W*(?:passage|text)?\W*(\d{1,3})\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex PassageLine();

    [GeneratedRegex(@"^[\s\-*•#>\d.)]*\**([\p{L}_ ]{3,30}?)\**\s*(?:\d+\s*)?[:：]\**\s*(.*)$")]
    private static partial Regex KindLine();

    /// <summary>What was found, by passage and kind.</summary>
    private sealed class Findings(IReadOnlyList<QueryTask> asked, IReadOnlyList<QueryTask> places, int passages)
    {
        private readonly Dictionary<string, string> _kinds = asked.ToDictionary(kind => Letters(kind.Name), kind => kind.Name);
        private readonly Dictionary<int, Dictionary<string, List<string>>> _found = [];

        public bool Any => _found.Count > 0;

        public Dictionary<string, List<string>>? Of(int passage) => _found.GetValueOrDefault(passage);

        /// <summary>Takes what JSON holds, whichever shape it has.</summary>
        /// <returns>Whether it was about queries.</returns>
        public bool Take(JsonElement json)
        {
            if (json.ValueKind == JsonValueKind.Array)
            {
                JsonElement[] items = [.. json.EnumerateArray()];
                if (items.Length > 0 && Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.String) && passages == 1) TakeInOrder(0, items);
                else if (Array.Exists(items, item => item.ValueKind == JsonValueKind.Object)) TakeEntries([.. items.Where(item => item.ValueKind == JsonValueKind.Object)]);
                return Any;
            }

            if (json.ValueKind != JsonValueKind.Object) return false;
            if (IsEntry(json)) TakeEntries([json]);
            JsonProperty[] properties = [.. json.EnumerateObject()];
            foreach (JsonProperty property in properties.Where(property => !Any || PlaceOf(property.Name) is not null))
            {
                if (PlaceOf(property.Name) is { } place && property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array) TakeEntry(place, property.Value);
                else Take(property.Value);
            }

            return Any;
        }

        /// <summary>Takes lines "kind: query", under lines that name their passage where there are several; or one query a line for one passage.</summary>
        public void TakeLines(string text)
        {
            string[] lines = [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length is > 0 and < MostLine && !line.StartsWith("```", StringComparison.Ordinal))];
            int place = 0;
            string? kind = null;
            foreach (string line in lines)
            {
                if (PassageLine().Match(line) is { Success: true } number)
                {
                    place = int.Parse(number.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - 1;
                    kind = null;
                }
                else if (KindLine().Match(line) is { Success: true } labelled && _kinds.TryGetValue(Letters(labelled.Groups[1].Value), out string? named))
                {
                    kind = named;
                    if (labelled.Groups[2].Value.Length > 0) Add(place, named, labelled.Groups[2].Value);
                }
                else if (kind is not null && Bullet().IsMatch(line))
                {
                    Add(place, kind, line);
                }
            }

            // A list without labels: its lines are in the order that was asked for.
            string[] items = [.. lines.Where(line => Bullet().IsMatch(line))];
            if (!Any && passages == 1 && items.Length >= places.Count) TakeInOrder(0, items);
        }

        private void TakeEntries(JsonElement[] entries)
        {
            int?[] numbers = [.. entries.Select(NumberOf)];

            // Some count from 0.
            int first = numbers.Contains(0) ? 0 : 1;
            foreach ((int i, JsonElement entry) in entries.Index()) TakeEntry(numbers[i] - first ?? i, entry);
        }

        private void TakeEntry(int place, JsonElement entry)
        {
            if (entry.ValueKind == JsonValueKind.Array)
            {
                TakeList(place, entry);
                return;
            }

            foreach (JsonProperty property in entry.EnumerateObject())
            {
                if (_kinds.TryGetValue(Letters(property.Name), out string? kind)) AddAll(place, kind, property.Value);
                else if (property.Value.ValueKind == JsonValueKind.Object) TakeEntry(place, property.Value);
                else if (property.Value.ValueKind == JsonValueKind.Array) TakeList(place, property.Value);
            }
        }

        // Queries that name their kind, or queries in the order that was asked for.
        private void TakeList(int place, JsonElement list)
        {
            JsonElement[] items = [.. list.EnumerateArray()];
            if (items.Length == 0) Touch(place);
            if (Array.TrueForAll(items, item => item.ValueKind == JsonValueKind.String)) TakeInOrder(place, items);
            foreach (JsonElement item in items.Where(item => item.ValueKind == JsonValueKind.Object))
            {
                string[] texts = [.. item.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.String).Select(property => property.Value.GetString()!)];
                string? kind = texts.Select(text => _kinds.GetValueOrDefault(Letters(text))).FirstOrDefault(known => known is not null);
                if (kind is not null && texts.FirstOrDefault(text => Letters(text) != Letters(kind)) is { } query) Add(place, kind, query);
                else TakeEntry(place, item);
            }
        }

        private void AddAll(int place, string kind, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.String)
            {
                Add(place, kind, value.GetString()!);
                return;
            }

            Touch(place);
            if (value.ValueKind != JsonValueKind.Array) return;
            foreach (JsonElement item in value.EnumerateArray())
            {
                if (TextIn(item) is { } text) Add(place, kind, text);
            }
        }

        private static string? TextIn(JsonElement item) => item.ValueKind switch
        {
            JsonValueKind.String => item.GetString(),
            JsonValueKind.Object => item.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.String).Select(property => property.Value.GetString()).FirstOrDefault(),
            _ => null,
        };

        private void TakeInOrder(int place, JsonElement[] items) => TakeInOrder(place, [.. items.Select(item => item.GetString()!)]);

        private void TakeInOrder(int place, string[] items)
        {
            foreach ((int i, string item) in items.Index()) Add(place, places[Math.Min(i, places.Count - 1)].Name, item);
        }

        private bool IsEntry(JsonElement entry) => entry.EnumerateObject().Any(property => _kinds.ContainsKey(Letters(property.Name)) || Letters(property.Name) == "queries");

        private static int? NumberOf(JsonElement entry)
        {
            foreach (JsonProperty property in entry.EnumerateObject().Where(property => Letters(property.Name) is "passage" or "number" or "id" or "index" or "passagenumber" or "passageid"))
            {
                if (property.Value.ValueKind == JsonValueKind.Number && property.Value.TryGetInt32(out int number)) return number;
                if (property.Value.ValueKind == JsonValueKind.String && PassageLine().Match(property.Value.GetString()!) is { Success: true } named)
                    return int.Parse(named.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
            }

            return null;
        }

        private static int? PlaceOf(string name)
            => PassageLine().Match(name) is { Success: true } number ? int.Parse(number.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - 1 : null;

        private Dictionary<string, List<string>>? Touch(int place)
        {
            if (place < 0 || place >= passages) return null;
            if (!_found.TryGetValue(place, out Dictionary<string, List<string>>? own)) _found[place] = own = [];
            return own;
        }

        private void Add(int place, string kind, string query)
        {
            if (Touch(place) is not { } own) return;
            if (!own.TryGetValue(kind, out List<string>? queries)) own[kind] = queries = [];
            queries.Add(query);
        }
    }
}
