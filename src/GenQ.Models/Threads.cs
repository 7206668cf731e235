using GenQ.Compute;
using GenQ.Data;
using static TorchSharp.torch;

namespace GenQ.Models;

/// <summary>The threads that networks compute with.</summary>
public static class Threads
{
    /// <summary>How many there are; as many as cores, unless <see cref="Use"/> said otherwise.</summary>
    public static int Count => get_num_threads();

    /// <summary>Sets how many there are. The last digits of results depend on it.</summary>
    /// <exception cref="GenQException">The number is below 1.</exception>
    public static void Use(int count)
    {
        if (count < 1) throw new GenQException($"{count} threads cannot compute anything: give at least 1.");
        set_num_threads(count);
        Ranges.Threads = count;
    }
}
