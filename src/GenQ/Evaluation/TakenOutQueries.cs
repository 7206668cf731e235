using System.Text.RegularExpressions;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Evaluation;

/// <summary>
/// Queries that no generator has written: sentences and headings of passages that are set aside. Each is taken out of its passage before that is searched, so
/// it has to be found by what else it says: the inverse cloze task (Lee et al. 2019). What the training queries taught of the generator's manner does not
/// help with them.
/// </summary>
internal static partial class TakenOutQueries
{
    /// <summary>So many sentences, and so many headings, tell two searches apart as well as more would.</summary>
    public const int Most = 300;

    // What a search is asked among: the passages of the queries, and so many of the rest of a corpus, spread over it.
    private const int MostPassages = 20_000;

    // Shorter sentences ask for nothing, longer ones are no queries.
    private const int FewestWords = 6, MostWords = 40;

    private const int StretchWords = 12;

    // What is left of a passage has to say something.
    private const int FewestWordsLeft = 20;

    // A heading of one word stands above many sections, and one that many passages share finds none of them.
    private const int FewestHeadingWords = 2, MostUnderHeading = 5;

    private const string HeadingSeparator = " > ";

    // Draws of a passage begin with a number that no other draw of it has: see HoldOut.
    private const long SentenceDraw = -4, ChoiceDraw = -5, HeadingDraw = -6;

    /// <summary>A sentence of each passage.</summary>
    /// <param name="passages">The passages of the run.</param>
    /// <param name="isAsked">Whether a passage may be asked for, by its id: those are that are set aside.</param>
    /// <param name="seed">Decides which sentence, and which passages where there are many.</param>
    /// <returns><see langword="null"/> where no passage has a sentence that can be spared.</returns>
    public static RetrievalTask? Sentences(IReadOnlyList<Passage> passages, Func<string, bool> isAsked, long seed)
    {
        IEnumerable<TakenOut> taken = passages.Index().Where(passage => isAsked(passage.Item.Id)).Select(passage => Sentence(passage.Index, passage.Item, seed)).OfType<TakenOut>();
        return TaskOf(MeasuredKind.Sentences, passages, taken.OrderBy(query => new CounterRandom(seed, passages[query.Places[0]].Id, ChoiceDraw).Bits(0)));
    }

    /// <summary>The headings of sections, each with the passages below it.</summary>
    /// <inheritdoc cref="Sentences"/>
    public static RetrievalTask? Headings(IReadOnlyList<Passage> passages, Func<string, bool> isAsked, long seed)
    {
        ILookup<string, int> byTitle = passages.Index().Where(passage => !string.IsNullOrWhiteSpace(passage.Item.Title)).ToLookup(passage => passage.Item.Title!, passage => passage.Index);
        HashSet<string> often = [.. byTitle.GroupBy(title => HeadingOf(title.Key).Heading, StringComparer.OrdinalIgnoreCase).Where(heading => heading.Count() > 1).Select(heading => heading.Key)];
        HashSet<string> unclear = new(often, StringComparer.OrdinalIgnoreCase);
        IEnumerable<TakenOut> taken = byTitle
            .Where(title => title.All(place => isAsked(passages[place].Id)) && title.Count() <= MostUnderHeading)
            .Select(title => (Parts: HeadingOf(title.Key), Places: title.ToArray()))
            .Where(title => !unclear.Contains(title.Parts.Heading) && TextMeasure.Words(title.Parts.Heading) is >= FewestHeadingWords and <= MostWords)
            .Select(title => new TakenOut(title.Parts.Heading, title.Places, [.. title.Places.Select(place => passages[place] with { Title = title.Parts.Above })]));
        return TaskOf(MeasuredKind.Headings, passages, taken.OrderBy(query => new CounterRandom(seed, passages[query.Places[0]].Id, HeadingDraw).Bits(0)));
    }

    private static RetrievalTask? TaskOf(string name, IReadOnlyList<Passage> passages, IEnumerable<TakenOut> taken)
    {
        TakenOut[] chosen = [.. taken.Take(Most)];
        if (chosen.Length == 0) return null;
        Dictionary<int, Passage> changed = chosen.SelectMany(query => query.Places.Zip(query.Without)).ToDictionary(passage => passage.First, passage => passage.Second);
        int[] unchanged = [.. Enumerable.Range(0, passages.Count).Where(place => !changed.ContainsKey(place))];
        Passage[] corpus = [.. EvenSpread.Of(unchanged.Length, Math.Max(0, MostPassages - changed.Count)).Select(i => unchanged[i]).Concat(changed.Keys).Order()
            .Select(place => changed.GetValueOrDefault(place) ?? passages[place])];
        return new RetrievalTask(
            name,
            [.. chosen.Select((query, i) => new RetrievalQuery($"{name} {i}", query.Text))],
            corpus,
            chosen.Index().ToDictionary(query => $"{name} {query.Index}", query => (IReadOnlyDictionary<string, int>)query.Item.Places.ToDictionary(place => passages[place].Id, _ => 1)));
    }

    private static TakenOut? Sentence(int place, Passage passage, long seed)
    {
        int start = 0, words = TextMeasure.Words(passage.Text);
        List<(int Start, int End)> sentences = [];
        foreach (int end in SentenceSplitter.Ends(passage.Text))
        {
            if (TextMeasure.Words(passage.Text.AsSpan(start..end)) is >= FewestWords and <= MostWords and int taken && words - taken >= FewestWordsLeft) sentences.Add((start, end));
            start = end;
        }

        CounterRandom random = new(seed, passage.Id, SentenceDraw);
        if ((sentences.Count > 0 ? sentences[random.Below(sentences.Count, 0)] : Stretch(passage.Text, random)) is not (int from, int to)) return null;
        string query = passage.Text[from..to], left = $"{passage.Text[..from].TrimEnd()} {passage.Text[to..].TrimStart()}".Trim();
        return TextMeasure.Words(left) >= FewestWordsLeft ? new TakenOut(PairFiles.OneField(query), [place], [passage with { Text = left }]) : null;
    }

    // Where a text has no sentences, as one in small letters, some words that follow each other.
    private static (int Start, int End)? Stretch(string text, CounterRandom random)
    {
        Match[] words = Word().Matches(text).ToArray();
        if (words.Length < StretchWords) return null;
        int first = random.Below(words.Length - StretchWords + 1, 0);
        Match last = words[first + StretchWords - 1];
        return (words[first].Index, last.Index + last.Length);
    }

    private static (string? Above, string Heading) HeadingOf(string title)
        => title.LastIndexOf(HeadingSeparator, StringComparison.Ordinal) is >= 0 and int at ? (title[..at], title[(at + HeadingSeparator.Length)..]) : (null, title);

    [GeneratedRegex(@"\S+")]
    private static partial Regex Word();

    /// <param name="Text">What is asked.</param>
    /// <param name="Places">The passages that it was taken out of, by their places.</param>
    /// <param name="Without">Those passages without it.</param>
    private sealed record TakenOut(string Text, int[] Places, Passage[] Without);
}
