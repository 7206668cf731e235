using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Tells passages that were seen before: the same title and text, whatever the white space. Records of research formats
/// should not be asked about, because others refer to them by id.
/// </summary>
public sealed class DistinctPassages
{
    private readonly HashSet<UInt128> _seen = [];

    /// <summary>How many passages were turned away.</summary>
    public int Duplicates { get; private set; }

    /// <summary>Returns whether this passage is new, and remembers it.</summary>
    public bool Add(Passage passage)
    {
        ArgumentNullException.ThrowIfNull(passage);
        string text = DocumentBuilder.OneLine(passage.SearchText);
        // A digest instead of the text: a corpus may be larger than the memory.
        byte[] digest = SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()));
        if (_seen.Add(MemoryMarshal.Read<UInt128>(digest))) return true;
        Duplicates++;
        return false;
    }
}
