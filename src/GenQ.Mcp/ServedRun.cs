using GenQ.Data;
using GenQ.Extensions;

namespace GenQ.Mcp;

/// <summary>A run under the name by which assistants know it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Search">Searches it.</param>
internal sealed record ServedRun(string Name, IPassageSearch Search)
{
    private RunContents? _contents;

    /// <summary>What the version that is open holds.</summary>
    /// <exception cref="GenQException">The run cannot be opened; the message says why.</exception>
    public RunContents Contents
    {
        get
        {
            IReadOnlyList<Passage> passages = Search.Passages;
            RunContents? known = Volatile.Read(ref _contents);
            if (known is null || !ReferenceEquals(known.Passages, passages)) Volatile.Write(ref _contents, known = new RunContents(passages));
            return known;
        }
    }
}
