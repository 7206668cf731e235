using GenQ.Data;

namespace GenQ.Cli;

/// <summary>Reads the pair files that a command is given.</summary>
internal static class InputPairs
{
    /// <summary>Reads all pairs, and says which lines were skipped.</summary>
    /// <param name="foldersAndFiles">As <see cref="PairFiles.Read(IEnumerable{string}, Action{string, int})"/> takes them.</param>
    /// <exception cref="GenQException">A file cannot be read, or no line of any is a pair.</exception>
    public static QueryPassagePair[] Read(string[] foldersAndFiles)
    {
        int skipped = 0;
        string first = "";
        QueryPassagePair[] pairs = [.. PairFiles.Read(foldersAndFiles, (file, line) =>
        {
            if (skipped++ == 0) first = $"line {line} of '{file}'";
        })];
        if (pairs.Length == 0)
        {
            throw new GenQException(
                $"There is no pair in '{string.Join("', '", foldersAndFiles)}': of {skipped:N0} lines none is 'query<TAB>passage'. "
                + "Write one pair a line, with one tab between query and passage.");
        }

        if (skipped > 0) Terminal.Say($"{skipped:N0} lines are not 'query<TAB>passage' and were skipped, the first of them {first}");
        return pairs;
    }
}
