using System.Buffers;
using System.Text;

namespace GenQ.Text;

/// <summary>
/// Splits normalized text into the pieces with the greatest sum of log-probabilities: the best path through all pieces that
/// occur in the text, found by dynamic programming (Kudo 2018, section 3.2).
/// </summary>
/// <remarks>
/// Sums, comparisons and tie-breaks are those of SentencePiece, <c>unigram_model.cc</c> (Model::EncodeOptimized): a candidate
/// is a double, compared with the best so far as it was rounded to float.
/// </remarks>
internal sealed class UnigramSegmenter
{
    // An unknown character costs as much as the least likely piece, and this on top.
    private const float UnknownPenalty = 10;

    // The best way to a place of the text: its score, and the last piece on it with that piece's start.
    private struct Step
    {
        public float Score;
        public int Start;
        public int Id;
    }

    private readonly PieceTrie _trie;
    private const float SmallestNormal = 1.17549435e-38f;

    private readonly double[] _scores;
    private readonly int _unknownId;
    private readonly float _unknownScore;

    // The id of every byte's piece, where the model spells unknown characters in bytes.
    private readonly int[]? _byteIds;

    /// <exception cref="InvalidDataException">The model has no piece for unknown text, or not all bytes though it needs them.</exception>
    public UnigramSegmenter(SentencePieceModel model)
    {
        (byte[][] pieces, int[] ids) = model.Spellings(SentencePieceType.Normal, SentencePieceType.UserDefined);
        _trie = new PieceTrie(pieces, ids);
        _unknownId = model.UnknownId;
        IEnumerable<float> normal = model.Pieces.Where(piece => piece.Type == SentencePieceType.Normal).Select(piece => piece.Score);
        float least = normal.DefaultIfEmpty().Min();
        // The reference begins with the smallest positive number, and scores are logarithms.
        float most = normal.Append(SmallestNormal).Max();
        _unknownScore = least - UnknownPenalty;
        _scores = [.. model.Pieces.Select(piece => ScoreOf(piece, most))];
        if (model.ByteFallback) _byteIds = FindBytes(model);
    }

    /// <summary>Writes the ids of <paramref name="text"/> to the end of <paramref name="ids"/> and returns that part.</summary>
    /// <param name="text">Normalized text in UTF-8.</param>
    /// <param name="ids">Room for one id a byte.</param>
    public ReadOnlySpan<int> Segment(ReadOnlySpan<byte> text, Span<int> ids)
    {
        // The pool rounds up to a power of two, and keeps what was rented: too much for a book in one text.
        const int MostRented = 1 << 20;
        Step[] steps = text.Length < MostRented ? ArrayPool<Step>.Shared.Rent(text.Length + 1) : new Step[text.Length + 1];
        FindBestPath(text, steps.AsSpan(0, text.Length + 1));
        ReadOnlySpan<int> result = ReadPath(text, steps, ids);
        if (text.Length < MostRented) ArrayPool<Step>.Shared.Return(steps);
        return result;
    }

    private void FindBestPath(ReadOnlySpan<byte> text, Span<Step> steps)
    {
        steps.Fill(new Step { Score = float.NegativeInfinity });
        steps[0].Score = 0;
        for (int start = 0; start < text.Length;)
        {
            float score = steps[start].Score;
            int characterLength = Math.Min(Utf8.CharacterLength(text[start]), text.Length - start);
            bool characterIsPiece = false;
            int node = PieceTrie.Root;
            for (int end = start; end < text.Length && _trie.TryStep(ref node, text[end]);)
            {
                end++;
                int id = _trie.IdAt(node);
                if (id < 0) continue;
                Offer(ref steps[end], _scores[id] + score, start, id);
                characterIsPiece |= end - start == characterLength;
            }

            if (!characterIsPiece) Offer(ref steps[start + characterLength], _unknownScore + score, start, _unknownId);
            start += characterLength;
        }
    }

    private static void Offer(ref Step step, double score, int start, int id)
    {
        if (score > step.Score) step = new Step { Score = (float)score, Start = start, Id = id };
    }

    // From the end of the text to its start; neighbouring unknown characters are one unknown id.
    private ReadOnlySpan<int> ReadPath(ReadOnlySpan<byte> text, ReadOnlySpan<Step> steps, Span<int> ids)
    {
        int first = ids.Length;
        bool wasUnknown = false;
        for (int end = text.Length; end > 0; end = steps[end].Start)
        {
            Step step = steps[end];
            bool unknown = step.Id == _unknownId;
            if (unknown && _byteIds is not null)
            {
                for (int i = end - 1; i >= step.Start; i--) ids[--first] = _byteIds[text[i]];
            }
            else if (!(unknown && wasUnknown))
            {
                ids[--first] = step.Id;
            }

            wasUnknown = unknown;
        }

        return ids[first..];
    }

    // A user-defined piece wins against whatever else spells its characters.
    private static double ScoreOf(SentencePiece piece, float most) =>
        piece.Type == SentencePieceType.UserDefined ? Encoding.UTF8.GetByteCount(piece.Text) * most - 0.1 : piece.Score;

    private static int[] FindBytes(SentencePieceModel model)
    {
        int[] byteIds = new int[256];
        int found = 0;
        for (int id = 0; id < model.Pieces.Count; id++)
        {
            if (model.Pieces[id].Byte is not { } value) continue;
            byteIds[value] = id;
            found++;
        }

        return found == 256
            ? byteIds
            : throw new InvalidDataException($"it spells unknown characters in bytes, but has pieces for {found} of the 256 bytes.");
    }
}
