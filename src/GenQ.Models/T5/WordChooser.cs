namespace GenQ.Models;

/// <summary>Follows a text that is written word by word, and says which tokens may come next.</summary>
/// <param name="words">What may be written of any text.</param>
/// <param name="own">What may be written besides of the text that was read.</param>
/// <param name="endToken">What ends the text.</param>
internal sealed class WordChooser(AllowedWords words, WordNode own, int endToken)
{
    // Stems of words that may not come again.
    private readonly HashSet<string> _written = [];

    // Where the word that is being written stands among the common and among the text's own: null where it has left them.
    private WordNode? _common, _own;
    private WordNode? _last;

    // Before the first word, and behind a comma, there is no word to go on with.
    private bool _isInWord;

    /// <summary>Lists the tokens that may come next; none where a word was begun that cannot be ended.</summary>
    public IEnumerable<int> Allowed()
    {
        IEnumerable<int> tokens = _isInWord ? [.. Next(_common, _last), .. Next(_own, _last)] : [];
        WordNode? end = _isInWord ? End : null;
        if (_isInWord && end is null) return tokens;

        // The word that may end here does not follow itself.
        tokens = tokens.Concat(Next(words.Common, end ?? _last)).Concat(Next(own, end ?? _last));
        if (_isInWord) tokens = tokens.Concat(words.ClosingTokens);
        return _last is null && !_isInWord ? tokens : tokens.Append(endToken);
    }

    /// <summary>Takes note of a token that was chosen.</summary>
    public void Choose(int token)
    {
        WordNode? common = _isInWord ? _common?.Next.GetValueOrDefault(token) : null, named = _isInWord ? _own?.Next.GetValueOrDefault(token) : null;
        if (common is not null || named is not null)
        {
            (_common, _own) = (common, named);
            return;
        }

        if (_isInWord && End is { } end)
        {
            _last = end;
            if (!end.MayRepeat) _written.Add(end.Stem);
        }

        (_common, _own) = (words.Common.Next.GetValueOrDefault(token), own.Next.GetValueOrDefault(token));
        _isInWord = _common is not null || _own is not null;
    }

    // The word that may end here; null where none does.
    private WordNode? End => MayEnd(_common, _last) ? _common : MayEnd(_own, _last) ? _own : null;

    private bool MayEnd(WordNode? node, WordNode? before)
        => node is { IsEnd: true } && node != before && !_written.Contains(node.Stem) && (before is null or { MayRepeat: true } || before.Stem != node.Stem);

    // A word that may not come again, and that no other begins with that may, leads nowhere.
    private IEnumerable<int> Next(WordNode? node, WordNode? before)
        => node is null ? [] : node.Next.Where(next => LeadsOn(next.Value, before)).Select(next => next.Key);

    private bool LeadsOn(WordNode node, WordNode? before) => MayEnd(node, before) || node.Next.Values.Any(next => LeadsOn(next, before));
}
