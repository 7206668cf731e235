using GenQ.Data;
using GenQ.Generation;
using GenQ.Models;

namespace GenQ.Tests.Generation;

public sealed class ChatAnswerTests
{
    private const string Json = """{"answers":[{"passage":1,"question":["how is the pump oiled"],"in_other_words":["machine runs dry"]},{"passage":2,"question":["when does the lamp glow"],"in_other_words":["red light came on"]}]}""";

    private static readonly QueryTask[] Asked = [new("question", "", 1), new("in other words", "", 1)];

    private static readonly Passage[] Two = [new("a", "The pump is oiled every week."), new("b", "The lamp glows when the pressure falls.")];

    public static TheoryData<string> Forms =>
    [
        Json,
        $"```json\n{Json}\n```",
        $"Here are the queries you asked for:\n\n```\n{Json}\n```\nLet me know if you need more!",
        $"Sure! {Json} I hope that helps.",
        $"<think>The first passage {{is}} about a pump.</think>\n{Json}",
        Json.Replace("]}]}", "],},],}", StringComparison.Ordinal),
        Json[..^2],
        """[{"question":"how is the pump oiled","in other words":"machine runs dry"},{"question":"when does the lamp glow","In Other Words":"red light came on"}]""",
        """{"1":{"question":"how is the pump oiled","in_other_words":"machine runs dry"},"2":{"question":"when does the lamp glow","in_other_words":"red light came on"}}""",
        """{"passage 1":["how is the pump oiled","machine runs dry"],"passage 2":["when does the lamp glow","red light came on"]}""",
        """{"results":[{"passage":0,"queries":["how is the pump oiled","machine runs dry"]},{"passage":1,"queries":["when does the lamp glow","red light came on"]}]}""",
        """{"passages":[{"id":"1","queries":[{"kind":"question","text":"how is the pump oiled"},{"kind":"in other words","text":"machine runs dry"}]},{"id":"2","queries":[{"type":"question","query":"when does the lamp glow"},{"type":"in_other_words","query":"red light came on"}]}]}""",
        """{"answers":[{"passage":2,"question":["when does the lamp glow"],"in_other_words":["red light came on"]},{"passage":1,"question":["how is the\tpump\r\noiled "],"in_other_words":["\"machine runs dry\""]}]}""",
        "Passage 1\nquestion: how is the pump oiled\nin other words: machine runs dry\n\nPassage 2:\n- question: when does the lamp glow\n- in other words: red light came on",
        "## Passage 1\n\n**Question:** how is the pump oiled\n**In other words:** machine runs dry\n\n## Passage 2\n\n**Question**\n1. question: when does the lamp glow\n2. in other words: red light came on",
    ];

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_queries_are_found_in_whatever_form_they_come(string text)
    {
        PassageAnswer[] read = ChatAnswer.Read(text, Asked, Asked, Two, isRefused: false);
        Assert.Equal(["how is the pump oiled", "machine runs dry"], read[0].Queries);
        Assert.Equal(["when does the lamp glow", "red light came on"], read[1].Queries);
        Assert.All(read, answer => Assert.Equal(ChatFault.None, answer.Fault));
    }

    [Fact]
    public void A_plain_list_about_one_passage_is_in_the_order_that_was_asked_for()
    {
        PassageAnswer read = One("1. how is the pump oiled\n2. machine runs dry");
        Assert.Equal(["how is the pump oiled", "machine runs dry"], read.Queries);
    }

    [Theory]
    [InlineData("", nameof(ChatFault.Empty))]
    [InlineData(" \n ", nameof(ChatFault.Empty))]
    [InlineData("{}", nameof(ChatFault.Malformed))]
    [InlineData("""{"error":"overloaded"}""", nameof(ChatFault.Malformed))]
    [InlineData("The pump of this text is oiled once a week, which keeps it going.", nameof(ChatFault.Malformed))]
    [InlineData("""{"answers":[{"passage":1,"question":["\ud800 half"]}]}""", nameof(ChatFault.Malformed))]
    [InlineData("I'm sorry, but I can't help with that.", nameof(ChatFault.Refused))]
    [InlineData("I cannot assist with this request.", nameof(ChatFault.Refused))]
    [InlineData("""{"answers":[{"passage":7,"question":["how is the pump oiled"],"in_other_words":["machine runs dry"]}]}""", nameof(ChatFault.Malformed))]
    [InlineData("""{"answers":[{"passage":1,"question":[],"in_other_words":[]}]}""", nameof(ChatFault.Unusable))]
    [InlineData("""{"answers":[{"passage":1,"question":["how is the pump oiled"],"in_other_words":[]}]}""", nameof(ChatFault.Fewer))]
    [InlineData("""{"answers":[{"passage":1,"question":["the pump"],"in_other_words":["The Pump"]}]}""", nameof(ChatFault.Fewer))]
    public void What_is_wrong_with_an_answer_is_told(string text, string fault)
        => Assert.Equal(fault, One(text).Fault.ToString());

    [Fact]
    public void A_model_that_its_service_stopped_has_refused()
        => Assert.Equal(ChatFault.Refused, ChatAnswer.Read("", Asked, Asked, [Two[0]], isRefused: true)[0].Fault);

    [Fact]
    public void A_passage_that_is_left_out_is_empty_and_the_others_are_not()
    {
        PassageAnswer[] read = ChatAnswer.Read("""{"answers":[{"passage":2,"question":["when does the lamp glow"],"in_other_words":["red light"]}]}""", Asked, Asked, Two, isRefused: false);
        Assert.Equal([ChatFault.Empty, ChatFault.None], read.Select(answer => answer.Fault));
    }

    [Fact]
    public void Of_more_queries_than_asked_for_the_first_count_and_repeated_ones_are_left_out()
    {
        PassageAnswer read = One("""{"answers":[{"passage":1,"question":["how is the pump oiled","How is the pump oiled","who oils it"],"in_other_words":["machine runs dry","b c","d e"]}]}""");
        Assert.Equal(["how is the pump oiled", "machine runs dry"], read.Queries);
        Assert.Equal((true, 1), (read.More, read.Repeated));
    }

    [Fact]
    public void A_text_that_does_not_end_is_no_query()
        => Assert.Equal("", One($$"""{"answers":[{"passage":1,"question":["{{string.Join(' ', Enumerable.Repeat("and", 60))}}"],"in_other_words":["machine runs dry"]}]}""").Queries[0]);

    [Theory]
    [InlineData("- question: how is the pump oiled\n- in other words: machine \"runs\" dry")]
    [InlineData("* Question: \"how is the pump oiled\"\n* In other words: machine \"runs\" dry")]
    public void Marks_around_a_query_are_not_part_of_it_but_those_inside_are(string text)
        => Assert.Equal(["how is the pump oiled", "machine \"runs\" dry"], One(text).Queries);

    [Theory]
    [InlineData("wie oft muss man die pumpe am montag ölen damit sie wieder läuft", "die maschine läuft trocken und niemand weiß warum das so ist", true)]
    [InlineData("ポンプはどのくらいの頻度で給油しますか", "機械が乾いて動かない", true)]
    [InlineData("how often does the pump have to be oiled by the crew", "the machine runs dry and nobody can say why it is so", false)]
    public void Queries_in_another_language_than_the_passage_s_are_told_by_their_letters_or_their_common_words(string question, string words, bool isOther)
    {
        Passage passage = new("a", "The pump is oiled by the crew every week, and if it is not, then the machine will run dry and has to be taken apart by all of them.");
        string text = $$"""{"answers":[{"passage":1,"question":["{{question}}"],"in_other_words":["{{words}}"]}]}""";
        Assert.Equal(isOther ? ChatFault.OtherLanguage : ChatFault.None, ChatAnswer.Read(text, Asked, Asked, [passage], isRefused: false)[0].Fault);
    }

    [Fact]
    public void A_long_answer_of_brackets_and_line_ends_is_read_in_time()
    {
        foreach (string noise in (string[])["{", "[", "\n", "```\n", "{\"a\":", "* ", "<think>", "\"", "passage "])
            Assert.True(One(string.Concat(Enumerable.Repeat(noise, 500_000 / noise.Length))).IsFaulty, noise);
    }

    [Theory]
    [InlineData("""{"answers":[{"passage":1,"ratings":[9,4]},{"passage":2,"ratings":[1]}]}""")]
    [InlineData("Ratings:\n```json\n[[9,4],[1]]\n```")]
    [InlineData("""{"1":[9,4],"2":[0]}""")]
    public void Ratings_are_found_in_whatever_form_they_come(string text)
    {
        int[][] ratings = [.. ChatAnswer.ReadRatings(text, [2, 1]).OfType<int[]>()];
        Assert.Equal([9, 4], ratings[0]);
        Assert.Equal([1], ratings[1]);
    }

    [Fact]
    public void Ratings_of_another_number_than_the_queries_are_none()
        => Assert.Null(ChatAnswer.ReadRatings("""{"answers":[{"passage":1,"ratings":[9]}]}""", [2])[0]);

    private static PassageAnswer One(string text) => ChatAnswer.Read(text, Asked, Asked, [Two[0]], isRefused: false)[0];
}
