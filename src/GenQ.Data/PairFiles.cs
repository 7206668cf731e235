using System.Buffers;
using System.Globalization;

namespace GenQ.Data;

/// <summary>
/// Reads and writes (query, passage) pairs as lines <c>query TAB passage</c>. A generated set is a folder of
/// <c>pairs_0000.tsv</c>, <c>pairs_0001.tsv</c>, …: file n holds the pairs [1,024 n, 1,024 (n + 1)), the last may be
/// shorter. Beside each lies <c>pairs_0000.jsonl</c>, which says line by line where the pair came from.
/// </summary>
public static class PairFiles
{
    // The tab, and every character at which some reader of text files ends a line.
    private static readonly SearchValues<char> Separators = SearchValues.Create("\t\r\n\v\f\u0085\u2028\u2029");

    private const string Generated = "generated", Cropped = "cropped";

    /// <summary>Pairs in a file: what a crash loses at most, and what shards share out.</summary>
    public const int PairsPerFile = 1024;

    /// <summary>The file of the pairs [1,024 <paramref name="index"/>, 1,024 (<paramref name="index"/> + 1)).</summary>
    public static string Path(string folder, int index) => FileName(folder, index, ".tsv");

    /// <summary>The side file of <see cref="Path"/>.</summary>
    public static string OriginsPath(string folder, int index) => FileName(folder, index, ".jsonl");

    /// <summary>Whether a file is there. It counts as written only when its side file is there too.</summary>
    public static bool IsWritten(string folder, int index) => File.Exists(Path(folder, index)) && File.Exists(OriginsPath(folder, index));

    /// <summary>The first file that is still to be written.</summary>
    public static int FirstMissing(string folder)
    {
        int index = 0;
        while (IsWritten(folder, index)) index++;
        return index;
    }

    /// <summary>Whether a folder holds the files of this many pairs, all of them.</summary>
    public static bool AreComplete(string folder, int pairs) => FirstMissing(folder) >= Count(pairs);

    /// <summary>How many files this many pairs fill.</summary>
    public static int Count(int pairs) => (pairs + PairsPerFile - 1) / PairsPerFile;

    /// <summary>Writes file <paramref name="index"/> and its side file, each of them whole or not at all.</summary>
    /// <param name="folder">Is created where it is missing.</param>
    /// <param name="index">The number of the file, from 0.</param>
    /// <param name="pairs">1 to 1,024 pairs. Tabs and line ends in their texts become spaces.</param>
    /// <param name="origins">As many as there are pairs, in the same order.</param>
    /// <exception cref="GenQException">A file cannot be written.</exception>
    public static void Write(string folder, int index, IReadOnlyList<QueryPassagePair> pairs, IReadOnlyList<PairOrigin> origins)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentNullException.ThrowIfNull(origins);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfZero(pairs.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pairs.Count, PairsPerFile);
        ArgumentOutOfRangeException.ThrowIfNotEqual(origins.Count, pairs.Count);
        JsonLine.Write(OriginsPath(folder, index), origins, static (json, origin) =>
        {
            json.WriteString("passage", origin.Passage);
            json.WriteNumber("sample", origin.Sample);
            json.WriteString("kind", origin.Kind == PairKind.Cropped ? Cropped : Generated);
            if (origin.Task is { } task) json.WriteString("task", task);
            if (origin.LogProbability is { } logProbability) json.WriteNumber("log_probability", logProbability);
        });
        AtomicFile.WriteText(Path(folder, index), writer =>
        {
            foreach (QueryPassagePair pair in pairs) writer.WriteLine($"{OneField(pair.Query)}\t{OneField(pair.Passage)}");
        });
    }

    /// <summary>Streams pairs in order. An empty query is a pair too; a line that does not split in exactly two is skipped.</summary>
    /// <param name="foldersAndFiles">Of a folder, all <c>*.tsv</c> in ordinal order are read. Files may be packed (<c>.gz</c>).</param>
    /// <param name="skipped">Is told each skipped line: file and line number, counted from 1.</param>
    /// <exception cref="GenQException">A file or folder cannot be read, or a folder holds no <c>*.tsv</c>.</exception>
    public static IEnumerable<QueryPassagePair> Read(IEnumerable<string> foldersAndFiles, Action<string, int>? skipped = null)
    {
        foreach (string path in foldersAndFiles.SelectMany(Files))
        {
            // The queries of a passage follow one another: they share its text, which is most of a pair.
            string passage = "";
            foreach ((string line, int number) in InputFile.Lines(path))
            {
                int tab = line.IndexOf('\t');
                if (tab < 0 || tab != line.LastIndexOf('\t'))
                {
                    skipped?.Invoke(path, number);
                    continue;
                }

                if (!line.AsSpan(tab + 1).SequenceEqual(passage)) passage = line[(tab + 1)..];
                yield return new QueryPassagePair(line[..tab], passage);
            }
        }
    }

    /// <summary>Streams pairs of one folder or file, as <see cref="Read(IEnumerable{string}, Action{string, int})"/> does.</summary>
    /// <exception cref="GenQException">It cannot be read, or the folder holds no <c>*.tsv</c>.</exception>
    public static IEnumerable<QueryPassagePair> Read(string folderOrFile, Action<string, int>? skipped = null) =>
        Read([folderOrFile], skipped);

    /// <summary>Streams the pairs of one file, each with where it comes from.</summary>
    /// <exception cref="GenQException">It or its side file cannot be read.</exception>
    internal static IEnumerable<(QueryPassagePair Pair, PairOrigin Origin)> ReadWithOrigins(string folder, int index)
        => Read(Path(folder, index)).Zip(ReadOrigins(OriginsPath(folder, index)));

    /// <summary>Streams the origins of one side file, in the order of its pairs.</summary>
    /// <exception cref="GenQException">The file cannot be read, or a line lacks one of the three properties.</exception>
    public static IEnumerable<PairOrigin> ReadOrigins(string path)
    {
        foreach (JsonLine line in JsonLine.Read(path))
        {
            // Files of before there were kinds hold generated queries alone.
            PairKind kind = line.OptionalText("kind") switch
            {
                null or Generated => PairKind.Generated,
                Cropped => PairKind.Cropped,
                string other => throw line.Error($"has the kind '{other}', expected is '{Generated}' or '{Cropped}'"),
            };
            yield return new PairOrigin(
                line.Text("passage"), (int)line.Numeric("sample"), kind, line.OptionalNumeric("log_probability"), line.OptionalText("task"));
        }
    }

    /// <summary>A text as the files hold it: tabs and line ends are spaces.</summary>
    internal static string OneField(string text) => text.AsSpan().IndexOfAny(Separators) < 0
        ? text
        : string.Create(text.Length, text, static (field, text) => text.AsSpan().ReplaceAny(field, Separators, ' '));

    private static string FileName(string folder, int index, string extension) =>
        System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"pairs_{index:0000}{extension}"));

    private static string[] Files(string folderOrFile)
    {
        if (!Directory.Exists(folderOrFile)) return [folderOrFile];
        string[] files = Directory.GetFiles(folderOrFile, "*.tsv");
        if (files.Length == 0) throw new GenQException($"'{folderOrFile}' holds no *.tsv: expected files of lines 'query<TAB>passage'.");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
