using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace GenQ.Text;

/// <summary>
/// Finds texts that say nearly the same: the Jaccard coefficient of their runs of five words is 0.8 or more. Candidates come from MinHash signatures in bands
/// (Broder 1997; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3), in time linear in the texts, and are then compared.
/// </summary>
internal static class NearDuplicates
{
    private const int ShingleWords = 5;
    private const double Alike = 0.8;

    // Texts that are just alike enough share one of 20 bands of 6 hashes with a probability of 0.998, those at half of that with 0.08.
    private const int Bands = 20, Rows = 6;

    private static readonly ulong[] Multipliers = [.. Enumerable.Range(0, Bands * Rows).Select(i => Number(i) | 1)];

    /// <summary>Puts texts into groups. What is nearly the same as one of a group belongs to it.</summary>
    /// <param name="texts">Compared by their words; case does not count.</param>
    /// <returns>For each text the place of the first of its group: its own, where it has none like it before it.</returns>
    public static int[] Groups(IReadOnlyList<string> texts)
    {
        int[] firsts = [.. Enumerable.Range(0, texts.Count)];
        ulong[][] signatures = [.. texts.AsParallel().AsOrdered().Select(text => Signature(Shingles(text)))];
        Dictionary<ulong, int> first = [];
        for (int band = 0; band < Bands; band++)
        {
            first.Clear();
            for (int text = 0; text < texts.Count; text++)
            {
                ulong key = 0;
                foreach (ulong hash in signatures[text].AsSpan(band * Rows, Rows)) key = (key ^ hash) * 0x100000001B3;
                if (first.TryAdd(key, text)) continue;
                int one = Root(first[key]), other = Root(text);
                if (one != other && AreAlike(texts[first[key]], texts[text])) firsts[Math.Max(one, other)] = Math.Min(one, other);
            }
        }

        for (int text = 0; text < firsts.Length; text++) firsts[text] = Root(text);
        return firsts;

        int Root(int text)
        {
            while (firsts[text] != text) text = firsts[text] = firsts[firsts[text]];
            return text;
        }
    }

    private static bool AreAlike(string one, string other)
    {
        HashSet<ulong> first = Shingles(one), second = Shingles(other);
        int common = first.Count(second.Contains);
        return common >= Alike * (first.Count + second.Count - common);
    }

    // Of a text with fewer words there is one.
    private static HashSet<ulong> Shingles(string text)
    {
        ulong[] words = [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Hash)];
        HashSet<ulong> shingles = [];
        for (int start = 0; start == 0 || start + ShingleWords <= words.Length; start++)
        {
            ulong hash = 14695981039346656037;
            foreach (ulong word in words.AsSpan(start, Math.Min(ShingleWords, words.Length - start))) hash = (hash ^ word) * 0x9E3779B97F4A7C15;
            shingles.Add(hash ^ (hash >> 32));
        }

        return shingles;
    }

    private static ulong[] Signature(HashSet<ulong> shingles)
    {
        ulong[] signature = new ulong[Bands * Rows];
        Array.Fill(signature, ulong.MaxValue);
        foreach (ulong shingle in shingles)
        {
            for (int i = 0; i < signature.Length; i++)
            {
                ulong product = shingle * Multipliers[i];
                ulong hash = (product ^ (product >> 29)) * 0xBF58476D1CE4E5B9;
                if (hash < signature[i]) signature[i] = hash;
            }
        }

        return signature;
    }

    private static ulong Hash(string word)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in word) hash = (hash ^ char.ToLowerInvariant(c)) * 1099511628211;
        return hash;
    }

    private static ulong Number(int i) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.ASCII.GetBytes($"{i}")));
}
