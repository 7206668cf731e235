namespace GenQ.Data;

/// <summary>Names by which a person or a program tells several runs apart.</summary>
internal static class RunNames
{
    /// <summary>Names each run by its folder; those of one name get the name of the folder above in front, as often as it takes.</summary>
    /// <param name="folders">The run folders.</param>
    /// <returns>A name for each, none twice.</returns>
    /// <exception cref="GenQException">A folder is there twice.</exception>
    public static string[] Of(IReadOnlyList<string> folders)
    {
        string[][] parts = [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))];
        int most = parts.Max(part => part.Length);
        int[] taken = [.. parts.Select(_ => 1)];
        for (int length = 1; length <= most; length++)
        {
            foreach (IGrouping<string, int> doubled in Enumerable.Range(0, parts.Length).GroupBy(Name).Where(group => group.Count() > 1).ToArray())
            {
                foreach (int run in doubled) taken[run] = length + 1;
            }
        }

        string[] names = [.. Enumerable.Range(0, parts.Length).Select(Name)];
        if (names.CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice) throw new GenQException($"The run '{twice}' is named twice.") { Where = twice };
        return names;

        // In an address a slash would part the name.
        string Name(int run) => string.Join('-', parts[run].TakeLast(taken[run]));
    }
}
