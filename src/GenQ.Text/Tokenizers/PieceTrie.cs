using System.Runtime.CompilerServices;
using System.Text;
using GenQ.Data;

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

    // Parent 0 marks a free slot. Free slots are chained: there Base is the next one and Id the one before, 0 at either end; slot 0 is never used,
    // its Base is the first free one.
    private struct Node
    {
        public int Base;
        public int Parent;
        public int Id;
    }

    private Node[] _nodes = new Node[1024];

    private int _lastFree;

    /// <summary>Builds the trie of pieces (not empty, in UTF-8) and their ids; of two equal pieces the first counts.</summary>
    /// <exception cref="InvalidDataException">A piece is longer than any: a text that repeats its beginning would take a time without bound.</exception>
    public PieceTrie(byte[][] pieces, int[] ids)
    {
        foreach (byte[] piece in pieces)
        {
            if (piece.Length > InputLimits.PieceBytes)
                throw new InvalidDataException($"its vocabulary has '{Encoding.UTF8.GetString(piece)}', which is longer than the {InputLimits.PieceBytes} bytes that a piece may have.");
        }

        _nodes[Root] = new Node { Parent = -1, Id = NoPiece };
        Chain(Root + 1);
        AddAll(pieces, ids);
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

    // Node by node: the pieces that lead through one are put in order of their next byte, which gives its children. There is no collection of own
    // structs and no comparer here: such code is compiled anew in every process, and most processes read a vocabulary.
    private void AddAll(byte[][] pieces, int[] ids)
    {
        int[] order = new int[pieces.Length], sorted = new int[pieces.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Span<int> ends = stackalloc int[byte.MaxValue + 1];
        byte[] labels = new byte[byte.MaxValue + 1];

        // Of an open node: itself, where its pieces begin and end in `order`, and how many bytes they share.
        Stack<int> open = new([Root, 0, order.Length, 0]);
        while (open.Count > 0)
        {
            int depth = open.Pop(), end = open.Pop(), first = open.Pop(), node = open.Pop(), labelCount = 0;
            ends.Clear();
            for (int i = first; i < end; i++)
            {
                byte[] piece = pieces[order[i]];
                if (piece.Length > depth) ends[piece[depth]]++;
                else if (_nodes[node].Id == NoPiece) _nodes[node].Id = ids[order[i]];
            }

            int before = first;
            for (int label = 0; label <= byte.MaxValue; label++)
            {
                if (ends[label] > 0) labels[labelCount++] = (byte)label;
                (ends[label], before) = (before, before + ends[label]);
            }

            if (labelCount == 0) continue;
            for (int i = first; i < end; i++)
            {
                byte[] piece = pieces[order[i]];
                if (piece.Length > depth) sorted[ends[piece[depth]]++] = order[i];
            }

            Array.Copy(sorted, first, order, first, before - first);
            int @base = FindBase(labels.AsSpan(0, labelCount)); // may move the nodes
            _nodes[node].Base = @base;
            for (int i = 0, start = first; i < labelCount; start = ends[labels[i++]])
            {
                int child = @base + labels[i];
                Unchain(child);
                _nodes[child] = new Node { Parent = node, Id = NoPiece };
                open.Push(child);
                open.Push(start);
                open.Push(ends[labels[i]]);
                open.Push(depth + 1);
            }
        }
    }

    // The first base whose slots are all free. After many misses the search never comes back to that crowded stretch: a few per cent of the slots
    // stay empty, and building takes linear time.
    private int FindBase(ReadOnlySpan<byte> labels)
    {
        const int patience = 128;
        for (int slot = _nodes[0].Base, misses = 0; ; slot = _nodes[slot].Base, misses++)
        {
            if (slot == 0 || slot + byte.MaxValue >= _nodes.Length)
            {
                int more = _nodes.Length;
                Array.Resize(ref _nodes, 2 * more);
                Chain(more);
                if (slot == 0) slot = more;
            }

            int @base = slot - labels[0];
            if (@base < 0 || !AreFree(@base, labels)) continue;
            if (misses > patience) (_nodes[0].Base, _nodes[slot].Id) = (slot, 0);
            return @base;
        }
    }

    private bool AreFree(int @base, ReadOnlySpan<byte> labels)
    {
        foreach (byte label in labels)
        {
            if (_nodes[@base + label].Parent != 0) return false;
        }

        return true;
    }

    // Chains the slots from `start` to the end behind the other free ones.
    private void Chain(int start)
    {
        for (int slot = start; slot < _nodes.Length; slot++)
        {
            (_nodes[_lastFree].Base, _nodes[slot].Id) = (slot, _lastFree);
            _lastFree = slot;
        }
    }

    private void Unchain(int slot)
    {
        (int next, int before) = (_nodes[slot].Base, _nodes[slot].Id);
        _nodes[before].Base = next;
        if (next == 0) _lastFree = before;
        else _nodes[next].Id = before;
    }
}
