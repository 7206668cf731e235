namespace GenQ.Data;

/// <summary>Reads texts that need no labels: from lists of texts, and from pair files, whose queries and passages are texts too.</summary>
internal static class TextFiles
{
    /// <summary>
    /// Streams each distinct text once, in the order and of the kind in which it first occurs, a pair's query right before its passage; blank
    /// ones are left out.
    /// </summary>
    /// <param name="files">
    /// <c>.txt</c> holds a passage a line, <c>.tsv</c> a pair a line, as <see cref="PairFiles"/> reads it; either may be packed (<c>.gz</c>).
    /// </param>
    /// <param name="queries">Files <c>.txt</c> of a query a line, read after the others.</param>
    /// <exception cref="GenQException">A file cannot be read, or is of another kind.</exception>
    public static IEnumerable<DistillationText> Read(IEnumerable<string> files, IEnumerable<string>? queries = null)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        return files.SelectMany(file => Texts(file, areQueries: false)).Concat((queries ?? []).SelectMany(file => Texts(file, areQueries: true)))
            .Select(text => text with { Text = text.Text.Trim() }).Where(text => text.Text.Length > 0 && seen.Add(text.Text));
    }

    private static IEnumerable<DistillationText> Texts(string file, bool areQueries)
    {
        string name = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".txt" => InputFile.Lines(file).Select(line => new DistillationText(line.Line, areQueries)),
            ".tsv" when areQueries => throw new GenQException(
                $"'{file}' holds pairs, expected is a .txt of a query a line: give it among the other texts, its first column is read as queries."),
            ".tsv" => PairFiles.Read(file).SelectMany(pair => (DistillationText[])[new(pair.Query, true, pair.Passage), new(pair.Passage, false)]),
            _ => throw new GenQException(
                $"'{file}' is neither .txt (a text a line) nor .tsv (lines 'query<TAB>passage'), nor one of them with .gz: "
                + "rename it to what it is."),
        };
    }
}
