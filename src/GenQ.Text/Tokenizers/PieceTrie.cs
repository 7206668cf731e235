using System.Runtime.CompilerServices;

namespace GenQ.Text;

/// <summary>
/// Finds every vocabulary piece that starts at a place of a UTF-8 text, in one walk. A double array (Aoe, 1989): the child
/// of a node by byte b lies in slot <c>base + b</c>, which is the node's child only if it names the node as its parent.
/// </summary>
internal sealed class PieceTrie
{
    /// <summary>The node that every walk starts from.</summary>
    public const int Root = 1;

    private const int NoPiece = -1;

    private readonly struct Key(byte[] bytes, int id) : IComparable<Key>
    {
        public byte[] Bytes { get; } = bytes;
        public int Id { get; } = id;
        public int CompareTo(Key other) => Bytes.AsSpan().SequenceCompareTo(other.Bytes);
    }

    // Parent 0 marks a free slot (slot 0 is never used); the root is taken, and nobody's child.
    private struct Node
    {
        public int Base;
        public int Parent;
        public int Id;
    }

    private Node[] _nodes = new Node[1024];
    private int _firstFree = Root + 1;

    /// <summary>Builds the trie of pieces (not empty, in UTF-8) and their ids; of two equal pieces the first counts.</summary>
    public PieceTrie(IEnumerable<(byte[] Piece, int Id)> pieces)
    {
        Key[] keys = [.. pieces.Select(piece => new Key(piece.Piece, piece.Id)).Order()];
        _nodes[Root] = new Node { Parent = -1, Id = NoPiece };
        AddChildren(Root, keys, depth: 0);
    }

    /// <summary>Walks from <paramref name="node"/> along <paramref name="label"/>; false where no piece goes on that way.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStep(ref int node, byte label)
    {
        int child = _nodes[node].Base + label;
        if ((uint)child >= (uint)_nodes.Length || _nodes[child].Parent != node) return false;
        node = child;
        return true;
    }

    /// <summary>The id of the piece that ends at <paramref name="node"/>, or a negative number.</summary>
    public int IdAt(int node) => _nodes[node].Id;

    /// <summary>Finds the longest piece that starts a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="id">The piece's id; a negative number where there is none.</param>
    /// <returns>The piece's length in bytes; 0 where there is none.</returns>
    public int LongestMatch(ReadOnlySpan<byte> text, out int id)
    {
        int longest = 0;
        int node = Root;
        id = NoPiece;
        for (int i = 0; i < text.Length && TryStep(ref node, text[i]); i++)
        {
            if (IdAt(node) < 0) continue;
            (longest, id) = (i + 1, IdAt(node));
        }

        return longest;
    }

    // `keys` are sorted and share their first `depth` bytes, which lead to `node`.
    private void AddChildren(int node, ReadOnlySpan<Key> keys, int depth)
    {
        if (keys.Length > 0 && keys[0].Bytes.Length == depth) _nodes[node].Id = keys[0].Id;
        while (keys.Length > 0 && keys[0].Bytes.Length == depth) keys = keys[1..];
        if (keys.Length == 0) return;

        List<byte> labels = [];
        foreach (Key key in keys)
        {
            if (labels.Count == 0 || labels[^1] != key.Bytes[depth]) labels.Add(key.Bytes[depth]);
        }

        int @base = FindBase(labels);
        _nodes[node].Base = @base;
        foreach (byte label in labels) _nodes[@base + label] = new Node { Parent = node, Id = NoPiece };
        while (keys.Length > 0)
        {
            byte label = keys[0].Bytes[depth];
            int count = 1;
            while (count < keys.Length && keys[count].Bytes[depth] == label) count++;
            AddChildren(@base + label, keys[..count], depth + 1);
            keys = keys[count..];
        }
    }

    // The first base whose slots are all free. After many misses the search never comes back to that crowded stretch:
    // a few per cent of the slots stay empty, and building takes linear time.
    private int FindBase(List<byte> labels)
    {
        const int patience = 128;
        for (int slot = _firstFree, misses = 0; ; slot++)
        {
            if (slot + 256 > _nodes.Length) Array.Resize(ref _nodes, 2 * _nodes.Length);
            int @base = slot - labels[0];
            if (@base < 0 || !labels.TrueForAll(label => _nodes[@base + label].Parent == 0))
            {
                misses++;
                continue;
            }

            if (misses > patience) _firstFree = slot;
            return @base;
        }
    }
}
