using System.Collections.Concurrent;
using System.Security.Cryptography;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Checks that a model that comes with GenQ is the one that was shipped: its folder has a file SHA256SUMS, as sha256sum writes it. A copy that was cut off, or
/// changed by somebody, would write other queries and find other passages without a word.
/// </summary>
internal static class ShippedModels
{
    private const string Sums = "SHA256SUMS";

    private static readonly ConcurrentDictionary<string, bool> Verified = [];

    /// <summary>Checks every file that the sums name, once for each folder in a process; a folder without sums passes.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="GenQException">A file is missing or another one, or the sums cannot be read.</exception>
    public static void Verify(string folder)
    {
        string sums = Path.Combine(folder, Sums);
        if (Verified.ContainsKey(folder) || !File.Exists(sums)) return;
        foreach (string line in File.ReadLines(sums))
        {
            string[] parts = line.Split("  ", 2);
            if (parts is not [{ Length: 2 * SHA256.HashSizeInBytes } expected, var name]) throw Damaged(sums, "a line of hash and name", line);
            string file = Path.Combine(folder, name);
            if (!File.Exists(file)) throw Damaged(file, expected, "no file");
            using FileStream stream = File.OpenRead(file);
            string got = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (got != expected) throw Damaged(file, expected, got);
        }

        Verified[folder] = true;
    }

    private static GenQException Damaged(string file, string expected, string got)
        => new($"'{file}' is not what came with GenQ: expected is {expected}, found {got}. Install GenQ anew; a model of your own is given by its folder.")
        {
            Where = file,
            Expected = expected,
            Got = got,
        };
}
