using System.Globalization;
using GenQ.Data;

namespace GenQ.Mcp;

/// <summary>What one version of a run holds: its passages by id, and its documents.</summary>
internal sealed class RunContents
{
    // A description is read with every question: so many names say what the documents are about.
    private const int MostNames = 12;

    private readonly Dictionary<string, int> _places;

    public RunContents(IReadOnlyList<Passage> passages)
    {
        Passages = passages;
        _places = passages.Index().ToDictionary(place => place.Item.Id, place => place.Index, StringComparer.Ordinal);
        Documents = [.. passages.GroupBy(passage => passage.Origin?.Source ?? passage.Id, StringComparer.Ordinal).Select(Describe)];
        InWords = string.Create(
            CultureInfo.InvariantCulture, $"{Documents.Count:N0} {(Documents.Count == 1 ? "document" : "documents")} in {passages.Count:N0} passages: {Names()}");
    }

    /// <summary>The passages, in the order of the run.</summary>
    public IReadOnlyList<Passage> Passages { get; }

    /// <summary>The documents, in the order of the run.</summary>
    public IReadOnlyList<DocumentEntry> Documents { get; }

    /// <summary>How many there are, and their titles or folders.</summary>
    public string InWords { get; }

    /// <summary>Finds a passage, and those of the same document around it.</summary>
    /// <param name="id">The passage's id.</param>
    /// <param name="neighbours">How many before it and behind it, at most.</param>
    /// <returns>The passages, in their order.</returns>
    /// <exception cref="GenQException">There is no such passage.</exception>
    public IEnumerable<Passage> Around(string id, int neighbours)
    {
        if (!_places.TryGetValue(id, out int place))
            throw new GenQException($"There is no passage '{id}'. Ids are those that 'search' gives, as '{Passages[0].Id}'; they change with the documents.") { Got = id };
        int first = place, last = place;
        while (place - first < neighbours && IsSame(first - 1)) first--;
        while (last - place < neighbours && IsSame(last + 1)) last++;
        return Enumerable.Range(first, last - first + 1).Select(i => Passages[i]);

        bool IsSame(int other) => other >= 0 && other < Passages.Count && Passages[place].Origin is { } own && Passages[other].Origin?.DocumentId == own.DocumentId;
    }

    private static DocumentEntry Describe(IGrouping<string, Passage> passages)
    {
        Passage first = passages.First();
        int documents = passages.DistinctBy(passage => passage.Origin?.DocumentId).Count();
        return new DocumentEntry(
            documents == 1 ? first.Title?.Split(" > ")[0] : null, first.Origin?.Source, documents == 1 ? null : documents, passages.Count(), first.Id);
    }

    // Titles where they are few, else the folders that hold most of them, else files.
    private string Names()
    {
        IEnumerable<string> all = Documents.Count <= MostNames
            ? Documents.Select(document => document.Title ?? document.File ?? document.FirstPassage)
            : Documents.GroupBy(document => Path.GetDirectoryName(document.File) is { Length: > 0 } folder ? folder.Replace('\\', '/') + "/" : document.File ?? document.FirstPassage)
                .OrderByDescending(group => group.Sum(document => document.Passages)).Select(group => group.Key);
        string[] names = [.. all.Select(name => PlainLine.Of(name))];
        return string.Join("; ", names.Take(MostNames)) + (names.Length > MostNames ? "; and others ('list_documents' names them)" : "");
    }
}
