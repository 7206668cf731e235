using GenQ.Data;

namespace GenQ.Documents;

/// <summary>
/// Splits documents into passages at headings, paragraphs and sentence ends. Of all ways to cut a document the one with the
/// least cost is taken: lengths outside the aim, cuts inside paragraphs and joined sections cost.
/// </summary>
/// <remarks>
/// A passage's title names the headings above it; every heading stands in the title of a passage or in its text. Nothing is
/// lost and nothing stands in two passages. Thread-safe where <see cref="PassageSplitterOptions.CountTokens"/> is.
/// </remarks>
public sealed class PassageSplitter
{
    // The costs are in units of "an empty passage". Joining pays for sections of fewer than about 60 words.
    private const double PerJoinedSection = 0.15;
    private const double BeginsInsideSection = 0.3;
    private const double EndsInsideSection = 0.2;
    private const double OffMiddle = 0.1;
    private const double HeadingAlone = 5;

    private readonly PassageSplitterOptions _options;
    private readonly TextMeasure _measure;

    /// <summary>Creates a splitter; without options passages of 100 to 180 words are made.</summary>
    /// <exception cref="GenQException">The least number of words is above the largest.</exception>
    public PassageSplitter(PassageSplitterOptions? options = null)
    {
        _options = options ?? new PassageSplitterOptions();
        _measure = new TextMeasure(_options);
        if (_options.MinWords > _options.MaxWords)
        {
            throw new GenQException(
                $"Passages cannot have at least {_options.MinWords} and at most {_options.MaxWords} words: "
                + "lower the first or raise the second.");
        }
    }

    /// <summary>
    /// Splits one document. The n-th passage has the id "document id#n", n from 1; a record becomes one passage with its own id.
    /// Repeated passages are kept: <see cref="DistinctPassages"/> finds them.
    /// </summary>
    public IReadOnlyList<Passage> Split(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (document.IsRecord)
        {
            PassageOrigin whole = new(document.Source, document.Id, null, 0, document.Text.Length);
            return [new Passage(document.Id, document.Text, document.Title, whole)];
        }

        SectionTree sections = new(document, _measure, _options.MaxTokens);
        TextUnit[] units = TextUnits.Read(document, sections, _measure, _options);
        List<Passage> passages = [];
        foreach ((int from, int to) in BestCuts(units, sections))
        {
            PassageDraft draft = new(units, sections, from);
            while (draft.Next < to) draft.Extend();
            int start = units[draft.FirstShown].Start, end = units[to - 1].End;
            PassageOrigin origin = new(document.Source, document.Id, PageAt(document.Pages, start), start, end);
            string id = $"{document.Id}#{passages.Count + 1}";
            passages.Add(new Passage(id, document.Text[start..end], draft.Title.Text, origin));
        }

        return passages;
    }

    // The cheapest way to reach each cut, from left to right.
    private List<(int From, int To)> BestCuts(TextUnit[] units, SectionTree sections)
    {
        double[] costs = new double[units.Length + 1];
        int[] origins = new int[units.Length + 1];
        Array.Fill(costs, double.PositiveInfinity, 1, units.Length);
        for (int from = 0; from < units.Length; from++)
        {
            PassageDraft draft = new(units, sections, from);
            do
            {
                draft.Extend();
                if (draft.Next > from + 1 && draft.IsOver(_options)) break;
                double cost = costs[from] + Cost(draft, units);
                if (cost >= costs[draft.Next]) continue;
                costs[draft.Next] = cost;
                origins[draft.Next] = from;
            }
            while (draft.Next < units.Length);
        }

        List<(int, int)> cuts = [];
        for (int to = units.Length; to > 0; to = origins[to]) cuts.Add((origins[to], to));
        cuts.Reverse();
        return cuts;
    }

    private double Cost(PassageDraft draft, TextUnit[] units)
    {
        // One unit alone must stay possible, whatever it is.
        double middle = (_options.MinWords + _options.MaxWords) / 2.0;
        double cost = OffMiddle * Square((draft.Words - middle) / middle);
        if (draft.Words < _options.MinWords) cost += Square(1 - (draft.Words / (double)_options.MinWords));

        TextUnit last = units[draft.Next - 1];
        bool isLast = draft.Next == units.Length;
        if (!draft.HasBody || (last.IsHeading && !isLast)) cost += HeadingAlone;
        cost += last.After switch { TextBreak.Paragraph => 0, TextBreak.Sentence => 0.1, TextBreak.Line => 0.15, _ => 0.6 };
        if (draft.JoinedSections == 0) return cost;

        cost += draft.JoinedSections * PerJoinedSection;
        if (!isLast && units[draft.Next].Section == last.Section) cost += EndsInsideSection;
        return draft.LostHeadings switch
        {
            0 => cost,
            1 => cost + BeginsInsideSection,
            _ => double.PositiveInfinity,
        };
    }

    private static double Square(double x) => x * x;

    private static int? PageAt(IReadOnlyList<int> pages, int offset)
    {
        if (pages.Count == 0) return null;
        int low = 0, high = pages.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (pages[middle] <= offset) low = middle + 1;
            else high = middle;
        }

        return Math.Max(low, 1);
    }
}
