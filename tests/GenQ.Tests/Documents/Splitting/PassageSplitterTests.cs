using System.Text;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class PassageSplitterTests
{
    private static readonly PassageSplitterOptions Short = new() { MinWords = 10, MaxWords = 20 };

    [Fact]
    public void Nothing_is_lost_or_doubled_and_every_span_is_its_passage()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            Document document = RandomDocument(new Random(seed));
            PassageSplitterOptions options = new()
            {
                MinWords = 5 + (seed % 7 * 10),
                MaxWords = 20 + (seed % 11 * 16) + (seed % 7 * 10),
                CountTokens = seed % 3 == 0 ? text => text.Split((char[]?)null).Sum(word => (word.Length + 2) / 3) : null,
                MaxTokens = 40 + (seed % 5 * 50),
            };
            IReadOnlyList<Passage> passages = new PassageSplitter(options).Split(document);
            int at = 0;
            foreach (Passage passage in passages)
            {
                PassageOrigin origin = passage.Origin!;
                Assert.Equal(document.Text[origin.Start..origin.End], passage.Text);
                Assert.Equal(passage.Text.Trim(), passage.Text);
                Assert.True(origin.Start >= at && passage.Text.Length > 0);
                // Between two passages stand only headings that the title names.
                foreach (string word in document.Text[at..origin.Start].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    Assert.Contains(word, passage.Title!.Split(' '));
                Assert.True(Words(passage.Text) <= options.MaxWords, $"seed {seed}: {Words(passage.Text)} words");
                if (options.CountTokens is { } count) Assert.InRange(count(passage.SearchText), 1, options.MaxTokens);
                at = origin.End;
            }

            Assert.Equal("", document.Text[at..].Trim());
        }
    }

    [Fact]
    public void Passages_keep_to_the_aim()
    {
        IEnumerable<string> paragraphs = Enumerable.Range(0, 40)
            .Select(i => string.Join(' ', Enumerable.Repeat($"Sentence {i} has five words.", 1 + (i % 9))));
        string text = string.Join("\n\n", paragraphs);
        IReadOnlyList<Passage> passages = new PassageSplitter().Split(new Document("d", text, null, "d"));
        Assert.All(passages, p => Assert.InRange(Words(p.Text), 100, 180));
    }

    [Fact]
    public void The_title_is_the_heading_path_below_the_document_title()
    {
        Document document = Sectioned(
            "Guide", (1, "Install", ""), (2, "Linux", Sentences(14)), (2, "Windows", Sentences(14)), (1, "Use", Sentences(14)));
        Assert.Equal(
            ["Guide > Install > Linux", "Guide > Install > Windows", "Guide > Use"],
            new PassageSplitter(Short).Split(document).Select(p => p.Title));
    }

    [Theory]
    [InlineData("Install", "Install")]
    [InlineData("Install - The Site", "Install - The Site")]
    [InlineData("Install it", "Install it")]
    [InlineData("Site", "Site > Install")]
    [InlineData(null, "Install")]
    public void A_document_title_that_says_the_same_as_the_first_heading_is_not_doubled(string? title, string expected) =>
        Assert.Equal(expected, Assert.Single(new PassageSplitter(Short).Split(Sectioned(title, (1, "Install", Sentences(14))))).Title);

    [Fact]
    public void Short_sections_are_joined_below_their_parent_and_keep_their_headings()
    {
        Document document = Sectioned(
            null,
            (1, "Options", Sentences(15)),
            (2, "Alpha", "Does one thing."),
            (2, "Beta", "Does another thing."),
            (2, "Gamma", "Nothing at all."));
        Passage joined = new PassageSplitter(Short).Split(document)[^1];
        Assert.Equal("Options", joined.Title);
        Assert.Equal("Alpha\n\nDoes one thing.\n\nBeta\n\nDoes another thing.\n\nGamma\n\nNothing at all.", joined.Text);
    }

    [Fact]
    public void Sections_of_different_parents_are_not_joined()
    {
        Document document = Sectioned(null, (1, "One", Sentences(15)), (2, "Deep", "Few words."), (1, "Two", Sentences(15)));
        IReadOnlyList<Passage> passages = new PassageSplitter(Short).Split(document);
        Passage few = Assert.Single(passages, p => p.Text.Contains("Few words.", StringComparison.Ordinal));
        Assert.StartsWith("One", few.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_headings_are_found_in_the_text()
    {
        Document document = Sectioned(null, (1, "Alone", ""), (1, "Full", "Some words."), (1, "Last", ""));
        IReadOnlyList<Passage> passages = new PassageSplitter().Split(document);
        Assert.Equal("Alone\n\nFull\n\nSome words.\n\nLast", Assert.Single(passages).Text);
        Assert.Equal("Alone", Assert.Single(new PassageSplitter().Split(Sectioned(null, (1, "Alone", "")))).Text);
    }

    [Fact]
    public void A_record_is_one_passage_with_its_own_id_and_is_never_split()
    {
        Document record = new("r7", Sentences(400), "Title", "corpus.jsonl") { IsRecord = true };
        Passage passage = Assert.Single(new PassageSplitter(Short).Split(record));
        Assert.Equal(("r7", "Title", record.Text), (passage.Id, passage.Title, passage.Text));
        Assert.Equal(new PassageOrigin("corpus.jsonl", "r7", null, 0, record.Text.Length), passage.Origin);
    }

    [Fact]
    public void A_word_longer_than_the_encoder_is_cut_between_characters()
    {
        string emoji = string.Concat(Enumerable.Repeat("😀", 300));
        PassageSplitterOptions options = new() { CountTokens = text => text.Length, MaxTokens = 64 };
        IReadOnlyList<Passage> passages = new PassageSplitter(options).Split(new Document("d", emoji, null, "d"));
        Assert.Equal(emoji, string.Concat(passages.Select(p => p.Text)));
        Assert.All(passages, p => Assert.True(p.Text.Length <= 64 && char.IsHighSurrogate(p.Text[0])));
    }

    [Fact]
    public void Ids_count_from_one_and_pages_are_those_of_the_first_character()
    {
        string text = $"{Sentences(15)}\n\n{Sentences(15)}";
        int second = text.IndexOf("\n\n", StringComparison.Ordinal) + 2;
        IReadOnlyList<Passage> passages = new PassageSplitter(Short).Split(new Document("a.pdf", text, null, "a.pdf", [], [0, 0, second]));
        Assert.Equal([("a.pdf#1", 2), ("a.pdf#2", 3)], passages.Select(p => (p.Id, p.Origin!.Page!.Value)));
    }

    [Fact]
    public void Passages_that_differ_only_in_white_space_are_duplicates()
    {
        DistinctPassages distinct = new();
        Assert.True(distinct.Add(new Passage("1", "Same words.", "Title")));
        Assert.False(distinct.Add(new Passage("2", "Same\n  words.", "Title")));
        Assert.True(distinct.Add(new Passage("3", "Same words.", "Other")));
        Assert.Equal(1, distinct.Duplicates);
    }

    [Fact]
    public void Impossible_lengths_are_refused()
    {
        PassageSplitterOptions options = new() { MinWords = 50, MaxWords = 20 };
        GenQException e = Assert.Throws<GenQException>(() => new PassageSplitter(options));
        Assert.Contains("at least 50 and at most 20", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PassageSplitterOptions { MaxTokens = 3 });
    }

    private static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Sentences(int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(i => i == words - 1 ? "end." : $"w{i}"));

    private static Document Sectioned(string? title, params (int Level, string Heading, string Body)[] parts)
    {
        StringBuilder text = new();
        List<Section> sections = [];
        foreach ((int level, string heading, string body) in parts)
        {
            if (text.Length > 0) text.Append("\n\n");
            sections.Add(new Section(text.Length, level, heading));
            text.Append(heading);
            if (body.Length > 0) text.Append("\n\n").Append(body);
        }

        return new Document("d", text.ToString(), title, "d", sections, []);
    }

    private static Document RandomDocument(Random random)
    {
        int word = 0;
        return Sectioned(random.Next(2) == 0 ? null : "The document", [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => (
            random.Next(1, 4),
            string.Join(' ', Enumerable.Range(0, random.Next(1, 5)).Select(_ => $"h{word++}")),
            string.Join("\n\n", Enumerable.Range(0, random.Next(0, 5)).Select(_ => Paragraph()))))]);

        string Paragraph()
        {
            StringBuilder text = new();
            for (int i = random.Next(1, random.Next(2, 120)); i > 0; i--)
            {
                text.Append('w').Append(word++).Append(random.Next(9) == 0 ? "." : "").Append(random.Next(15) == 0 ? '\n' : ' ');
                if (random.Next(10) == 0) text.Append('W');
            }

            return text.ToString().Trim() + ".";
        }
    }
}
