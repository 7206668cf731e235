using System.Text;
using GenQ.Text;

namespace GenQ.Tests.Tokenization;

public sealed class PieceTrieTests
{
    [Fact]
    public void A_walk_meets_every_piece_that_starts_the_text()
    {
        PieceTrie trie = Build("a", "ab", "abcd", "b", "é");
        List<int> ids = [];
        int node = PieceTrie.Root;
        foreach (byte next in "abcé"u8)
        {
            if (!trie.TryStep(ref node, next)) break;
            if (trie.IdAt(node) >= 0) ids.Add(trie.IdAt(node));
        }

        Assert.Equal([0, 1], ids);
    }

    [Fact]
    public void The_longest_match_ends_at_a_piece()
    {
        PieceTrie trie = Build("a", "ab", "abcd");
        Assert.Equal((2, 1), (trie.LongestMatch("abcx"u8, out int id), id));
        Assert.Equal((4, 2), (trie.LongestMatch("abcde"u8, out id), id));
        Assert.Equal(0, trie.LongestMatch("x"u8, out id));
        Assert.True(id < 0);
    }

    [Fact]
    public void Bytes_of_no_piece_lead_nowhere()
    {
        PieceTrie trie = Build("a");
        for (int value = 0; value < 256; value++)
        {
            int node = PieceTrie.Root;
            Assert.Equal(value == 'a', trie.TryStep(ref node, (byte)value));
        }
    }

    [Fact]
    public void Thousands_of_pieces_are_found_again()
    {
        string[] pieces = [.. Enumerable.Range(0, 20_000).Select(i => (i * 7919L % 1_000_003).ToString("x", null))];
        PieceTrie trie = Build(pieces);
        Assert.All(pieces.Index(), entry => Assert.Equal(entry.Index, Find(trie, entry.Item)));
    }

    private static PieceTrie Build(params string[] pieces) =>
        new([.. pieces.Select(Encoding.UTF8.GetBytes)], [.. Enumerable.Range(0, pieces.Length)]);

    private static int Find(PieceTrie trie, string piece)
    {
        int node = PieceTrie.Root;
        return Encoding.UTF8.GetBytes(piece).All(next => trie.TryStep(ref node, next)) ? trie.IdAt(node) : -1;
    }
}
