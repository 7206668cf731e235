namespace GenQ.Data;

/// <summary>Reads texts that need no labels: from lists of texts, and from pair files, whose queries and passages are texts too.</summary>
public static class TextFiles
{
    /// <summary>Streams each distinct text once, in the order in which it first occurs; blank ones are left out.</summary>
    /// <param name="files">
    /// <c>.txt</c> holds a text a line, <c>.tsv</c> a pair a line, as <see cref="PairFiles"/> reads it; either may be packed (<c>.gz</c>).
    /// </param>
    /// <exception cref="GenQException">A file cannot be read, or is of another kind.</exception>
    public static IEnumerable<string> Read(IEnumerable<string> files)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        return files.SelectMany(Texts).Select(text => text.Trim()).Where(text => text.Length > 0 && seen.Add(text));
    }

    private static IEnumerable<string> Texts(string file)
    {
        string name = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? file[..^3] : file;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".txt" => InputFile.Lines(file).Select(line => line.Line),
            ".tsv" => PairFiles.Read(file).SelectMany(pair => (string[])[pair.Query, pair.Passage]),
            _ => throw new GenQException(
                $"'{file}' is neither .txt (a text a line) nor .tsv (lines 'query<TAB>passage'), nor one of them with .gz: "
                + "rename it to what it is."),
        };
    }
}
