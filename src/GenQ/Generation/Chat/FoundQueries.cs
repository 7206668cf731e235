using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using GenQ.Models;

namespace GenQ.Generation;

/// <summary>
/// The queries of a call's answer, by passage and kind, before they are cleaned: out of JSON of whichever shape, or of lines that name their kind.
/// </summary>
/// <param name="asked">The kinds, and how many of each.</param>
/// <param name="places">The kind of each query of a passage, in their order.</param>
/// <param name="passages">How many passages the call had.</param>
internal sealed partial class FoundQueries(IReadOnlyList<QueryTask> asked, IReadOnlyList<QueryTask> places, int passages)
{
    // A longer line is no query.
    private const int MostLine = 1000;

    private readonly Dictionary<string, string> _kinds = asked.ToDictionary(kind => Letters(kind.Name), kind => kind.Name);
    private readonly Dictionary<int, Dictionary<string, List<string>>> _found = [];

    /// <summary>Whether there is anything for any passage.</summary>
    public bool Any => _found.Count > 0;

    /// <summary>A passage's queries by kind; <see langword="null"/> where the answer says nothing of it.</summary>
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
                place = int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture) - 1;
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
                return int.Parse(named.Groups[1].Value, CultureInfo.InvariantCulture);
        }

        return null;
    }

    private static int? PlaceOf(string name)
        => PassageLine().Match(name) is { Success: true } number ? int.Parse(number.Groups[1].Value, CultureInfo.InvariantCulture) - 1 : null;

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

    private static string Letters(string name) => new([.. name.Where(char.IsLetter).Select(char.ToLowerInvariant)]);

    /// <summary>What a model puts before an item of a list.</summary>
    [GeneratedRegex(@"^(?:[-*•]\s+|\(?\d{1,2}[.)]\s+)+")]
    public static partial Regex Bullet();

    [GeneratedRegex(@"^\W*(?:passage|text)?\W*(\d{1,3})\W*$", RegexOptions.IgnoreCase)]
    private static partial Regex PassageLine();

    [GeneratedRegex(@"^[\s\-*•#>\d.)]*\**([\p{L}_ ]{3,30}?)\**\s*(?:\d+\s*)?[:：]\**\s*(.*)$")]
    private static partial Regex KindLine();
}
