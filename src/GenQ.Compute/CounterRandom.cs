using System.Text;

namespace GenQ.Compute;

/// <summary>
/// A random source without state: draw n of a key is a function of (key, n) alone. So draws do not depend on batch size,
/// order, shards or the point where a run was resumed.
/// </summary>
/// <remarks>The mixing function is SplitMix64's finaliser (Steele, Lea, Flood 2014), applied to key and counter.</remarks>
internal readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key;

    /// <summary>Makes the source of a seed and up to two more numbers.</summary>
    public CounterRandom(long seed, long stream = 0, long part = 0)
        => _key = Mix(Mix(Mix((ulong)seed + Golden) ^ (ulong)stream) + Golden * (ulong)(part + 1));

    /// <summary>Makes the source of a seed, a name such as a passage id, and a number.</summary>
    public CounterRandom(long seed, string name, long part = 0)
        : this(seed, Hash(name), part)
    {
    }

    /// <summary>Draw number <paramref name="counter"/>, all 64 bits random.</summary>
    public ulong Bits(long counter) => Mix(_key + Golden * (ulong)(counter + 1));

    /// <summary>Draw number <paramref name="counter"/>, uniform in [0, 1).</summary>
    public double Uniform(long counter) => (Bits(counter) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draw number <paramref name="counter"/>, uniform in [0, <paramref name="bound"/>).</summary>
    public int Below(int bound, long counter) => (int)(((UInt128)Bits(counter) * (ulong)bound) >> 64);

    /// <summary>Shuffles <paramref name="items"/> by Fisher and Yates with the draws from 0 on.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1, i);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    // FNV-1a over UTF-8: the same on every machine, unlike string.GetHashCode.
    private static long Hash(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = (hash ^ b) * 1099511628211;
        return (long)hash;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
