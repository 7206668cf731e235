using System.Collections.Concurrent;
using GenQ.Data;
using GenQ.Generation;
using Microsoft.Extensions.AI;

namespace GenQ.Tests.Generation;

public sealed class ChatQueryWriterTests
{
    private static readonly Passage[] Passages = [.. Enumerable.Range(0, 10).Select(i => new Passage($"p{i}", $"text {i}"))];

    [Fact]
    public async Task Each_passage_gets_one_query_of_each_kind_and_several_passages_share_a_call()
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(StubChatClient.Sound);
        using ChatQueryWriter writer = Writer(folder, client);
        PassageQueries[] written = await AskAsync(writer, 4);
        Assert.Equal(Enumerable.Range(0, 10), written.Select(queries => queries.Passage).Order());
        PassageQueries third = written.Single(queries => queries.Passage == 2);
        Assert.Equal(["question of text 2", "keywords of text 2", "in_other_words of text 2", "detail of text 2"], third.Queries.Select(query => query.Text));
        Assert.Equal(["question", "keywords", "in other words", "detail"], third.Queries.Select(query => query.Task));
        Assert.Equal(3, client.Calls);
        Assert.Equal(new ChatUsage { Calls = 3, TokensIn = 300, TokensOut = 30, Passages = 10 }, writer.Usage);
    }

    [Fact]
    public async Task What_was_answered_is_not_asked_again_by_another_writer_however_many_passages_share_a_call()
    {
        using TemporaryFolder folder = new();
        StubChatClient first = new(StubChatClient.Sound), second = new(StubChatClient.Sound);
        using ChatQueryWriter early = Writer(folder, first), late = Writer(folder, second, new ChatWriterOptions { PassagesPerCall = 1 });
        PassageQueries[] written = await AskAsync(early, 4), again = await AskAsync(late, 4);
        Assert.Equal(0, second.Calls);
        Assert.Equal(10, late.Usage.FromCache);
        Assert.Equal(Texts(written), Texts(again));
    }

    public static TheoryData<string, ChatWriterOptions> Others => new()
    {
        { "audience", new ChatWriterOptions { Audience = "nurses" } },
        { "temperature", new ChatWriterOptions { Temperature = 1 } },
        { "writer", new ChatWriterOptions { Writer = "openai:another" } },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Another_question_has_another_answer_and_is_another_writer_to_a_run(string name, ChatWriterOptions other)
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(StubChatClient.Sound);
        using ChatQueryWriter plain = Writer(folder, client), different = Writer(folder, client, other);
        await AskAsync(plain, 4);
        int before = client.Calls;
        await AskAsync(different, 4);
        Assert.True(client.Calls > before);
        Assert.NotEqual(plain.Identity[name], different.Identity[name]);
    }

    [Fact]
    public void What_only_changes_how_fast_it_goes_is_no_part_of_what_the_writer_is()
    {
        using TemporaryFolder folder = new();
        using ChatQueryWriter plain = Writer(folder, new(StubChatClient.Sound));
        using ChatQueryWriter fast = Writer(folder, new(StubChatClient.Sound), new ChatWriterOptions { Concurrency = 50, PassagesPerCall = 9, Minutes = 3, PriceIn = 2, Url = "http://elsewhere" });
        Assert.Equal(plain.Identity, fast.Identity);
    }

    [Theory]
    [InlineData("{\"queries\": [\"wha")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"queries":["a b"],"fault":"none"}""")]
    public async Task A_damaged_answer_on_disk_is_asked_for_again(string content)
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(StubChatClient.Sound);
        using ChatQueryWriter writer = Writer(folder, client);
        await AskAsync(writer, 4);
        File.WriteAllText(Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories)[0], content);
        await AskAsync(writer, 4);
        Assert.Equal(4, client.Calls);
    }

    [Fact]
    public async Task A_fault_is_asked_about_once_more_for_its_passage_alone_and_what_is_still_missing_stays_empty()
    {
        using TemporaryFolder folder = new();
        ConcurrentBag<string[]> asked = [];
        using ChatQueryWriter writer = Writer(folder, new(request =>
        {
            asked.Add(StubChatClient.PassagesOf(request));
            return StubChatClient.Sound(request).Replace("keywords of text 3", "", StringComparison.Ordinal);
        }));
        PassageQueries[] written = await AskAsync(writer, 4);
        Assert.Contains(asked, passages => passages is ["text 3"]);
        Assert.Equal(4, asked.Count);
        Assert.Equal(["question of text 3", "", "in_other_words of text 3", "detail of text 3"], written.Single(queries => queries.Passage == 3).Queries.Select(query => query.Text));
        Assert.Equal((1, 1), (writer.Usage.AskedAgain, writer.Usage.Fewer));
        await AskAsync(writer, 4);
        Assert.Equal(4, asked.Count);
    }

    [Fact]
    public async Task The_second_answer_fills_what_the_first_one_lacked()
    {
        using TemporaryFolder folder = new();
        int calls = 0;
        using ChatQueryWriter writer = Writer(folder, new(request => Interlocked.Increment(ref calls) == 1 ? "I'm sorry, I can't do that." : StubChatClient.Sound(request)));
        PassageQueries[] written = await AskAsync(writer, 4, Passages[..1]);
        Assert.Equal("question of text 0", written[0].Queries[0].Text);
        Assert.Equal(new ChatUsage { Calls = 2, TokensIn = 200, TokensOut = 20, Passages = 1, AskedAgain = 1 }, writer.Usage);
    }

    [Fact]
    public async Task A_passage_that_the_model_finds_unusable_has_no_queries_and_is_not_asked_about_again()
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(_ => """{"answers":[{"passage":1,"question":[],"keywords":[],"in_other_words":[],"detail":[]}]}""");
        using ChatQueryWriter writer = Writer(folder, client);
        Assert.All((await AskAsync(writer, 4, Passages[..1]))[0].Queries, query => Assert.Equal("", query.Text));
        Assert.Equal((1, 1), (client.Calls, writer.Usage.Unusable));
    }

    [Fact]
    public async Task Shares_of_kinds_decide_what_is_asked_for_and_how_many()
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(_ => """{"answers":[{"passage":1,"keywords":["a b","c d"],"detail":["e f"]}]}""");
        using ChatQueryWriter writer = Writer(folder, client, kinds: "keywords=2,detail=1");
        IReadOnlyList<WrittenQuery> written = (await AskAsync(writer, 3, Passages[..1]))[0].Queries;
        Assert.Equal([("a b", "keywords"), ("e f", "detail"), ("c d", "keywords")], written.Select(query => (query.Text, query.Task)));
        Assert.DoesNotContain("in_other_words", client.Latest.System, StringComparison.Ordinal);
        Assert.IsType<ChatResponseFormatJson>(client.Latest.Options!.ResponseFormat);
        Assert.Contains("knows question, keywords", Assert.Throws<GenQException>(() => Writer(folder, client, kinds: "poem=1")).Message.Replace("It ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_judge_drops_what_it_rates_low_and_is_not_asked_twice()
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(request => request.Contains("Its queries:", StringComparison.Ordinal) ? """{"answers":[{"passage":1,"ratings":[9,3,7,6]}]}""" : StubChatClient.Sound(request));
        using ChatQueryWriter writer = Writer(folder, client, judgeThreshold: 0.7), stricter = Writer(folder, client, judgeThreshold: 0.8);
        Assert.Equal(["question of text 0", "", "in_other_words of text 0", ""], (await AskAsync(writer, 4, Passages[..1]))[0].Queries.Select(query => query.Text));
        Assert.Equal((2, 2), (client.Calls, writer.Usage.RatedLow));
        Assert.Equal(["question of text 0", "", "", ""], (await AskAsync(stricter, 4, Passages[..1]))[0].Queries.Select(query => query.Text));
        Assert.Equal(2, client.Calls);
    }

    [Fact]
    public async Task No_more_calls_are_on_their_way_at_a_time_than_allowed()
    {
        using TemporaryFolder folder = new();
        int now = 0, most = 0;
        StubChatClient client = new(async (request, cancellation) =>
        {
            int count = Interlocked.Increment(ref now);
            lock (folder) most = Math.Max(most, count);
            await Task.Delay(20, cancellation);
            Interlocked.Decrement(ref now);
            return StubChatClient.Response(StubChatClient.Sound(request));
        });
        using ChatQueryWriter writer = Writer(folder, client, new ChatWriterOptions { PassagesPerCall = 1, Concurrency = 3 });
        await AskAsync(writer, 4);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Calls_on_their_way_when_the_writing_is_stopped_are_answered_and_kept()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        StubChatClient client = new(async (request, cancellation) =>
        {
            await stop.CancelAsync();
            await Task.Delay(50, cancellation);
            return StubChatClient.Response(StubChatClient.Sound(request));
        });
        ChatWriterOptions options = new() { PassagesPerCall = 1, Concurrency = 2 };
        using ChatQueryWriter writer = Writer(folder, client, options);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(writer, 4, cancellation: stop.Token));
        Assert.InRange(client.Calls, 1, 2);
        StubChatClient later = new(StubChatClient.Sound);
        using ChatQueryWriter next = Writer(folder, later, options);
        await AskAsync(next, 4);
        Assert.Equal(10, client.Calls + later.Calls);
    }

    [Fact]
    public async Task A_client_that_fails_ends_the_run_with_words_and_what_was_answered_is_kept()
    {
        using TemporaryFolder folder = new();
        int calls = 0;
        StubChatClient client = new(request => Interlocked.Increment(ref calls) > 2 ? throw new InvalidOperationException("the plug is out") : StubChatClient.Sound(request));
        ChatWriterOptions options = new() { PassagesPerCall = 1, Concurrency = 1 };
        using ChatQueryWriter writer = Writer(folder, client, options);
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(writer, 4));
        Assert.Contains("stub:parrot cannot be asked: the plug is out", error.Message, StringComparison.Ordinal);
        using ChatQueryWriter next = Writer(folder, new(StubChatClient.Sound), options);
        await AskAsync(next, 4);
        Assert.Equal((2, 8), (next.Usage.FromCache, next.Usage.Calls));
    }

    [Fact]
    public async Task When_the_time_of_the_whole_is_over_no_further_call_is_begun()
    {
        using TemporaryFolder folder = new();
        StubChatClient client = new(async (request, cancellation) =>
        {
            await Task.Delay(30, cancellation);
            return StubChatClient.Response(StubChatClient.Sound(request));
        });
        using ChatQueryWriter writer = Writer(folder, client, new ChatWriterOptions { PassagesPerCall = 1, Concurrency = 1, Minutes = 0.001 });
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => AskAsync(writer, 4));
        Assert.Contains("The 0.001 minutes that stub:parrot may take are over", error.Message, StringComparison.Ordinal);
        Assert.InRange(client.Calls, 1, 9);
    }

    [Fact]
    public async Task Audience_and_examples_are_told_and_a_prompt_of_one_s_own_is_taken()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["examples.tsv"], "pump dry\tThe pump is oiled.\n\tno query\nlamp red\tThe lamp glows.\n");
        StubChatClient client = new(StubChatClient.Sound);
        using ChatQueryWriter writer = Writer(folder, client, new ChatWriterOptions { Audience = "nurses at night", Examples = folder["examples.tsv"] });
        await AskAsync(writer, 4, Passages[..1]);
        Assert.Contains("Who searches: nurses at night", client.Latest.System, StringComparison.Ordinal);
        Assert.Contains("The pump is oiled.\n</passage>\nQuery: pump dry", client.Latest.System, StringComparison.Ordinal);
        Assert.DoesNotContain("no query", client.Latest.System, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", client.Latest.System, StringComparison.Ordinal);

        File.WriteAllText(folder["own.md"], "# System\n\nWrite {{kinds}}.\n\n# Request\n\n{{passages}}\n\n# Kinds\n\n## riddle\n\nA riddle.\n\n# Judge\n\nJudge.\n");
        using ChatQueryWriter own = Writer(folder, client, new ChatWriterOptions { Prompt = folder["own.md"] });
        await AskAsync(own, 1, Passages[..1]);
        Assert.Equal("Write - \"riddle\", 1 of it: A riddle..", client.Latest.System);
        Assert.NotEqual(writer.Identity["prompt"], own.Identity["prompt"]);
    }

    [Theory]
    [InlineData("# System\n\nWrite.\n", "no section '# System' with {{kinds}}")]
    [InlineData("# System\n\n{{kinds}}\n\n# Request\n\n{{passages}}\n\n# Judge\n\nJudge.\n", "no kind of query")]
    public void A_prompt_that_lacks_a_section_is_refused_by_its_name(string text, string words)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["own.md"], text);
        GenQException error = Assert.Throws<GenQException>(() => Writer(folder, new(StubChatClient.Sound), new ChatWriterOptions { Prompt = folder["own.md"] }));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Contains("own.md", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_examples_is_refused()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["examples.tsv"], "only a query\n");
        GenQException error = Assert.Throws<GenQException>(() => Writer(folder, new(StubChatClient.Sound), new ChatWriterOptions { Examples = folder["examples.tsv"] }));
        Assert.Contains("holds no examples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_text_gets_its_queries()
    {
        using TemporaryFolder folder = new();
        using ChatQueryWriter writer = Writer(folder, new(StubChatClient.Sound));
        Assert.Equal(4, (await writer.WriteAsync("a text")).Count);
    }

    [Fact]
    public async Task A_passage_cannot_close_its_own_mark()
    {
        using TemporaryFolder folder = new();
        string seen = "";
        using ChatQueryWriter writer = Writer(folder, new(request => StubChatClient.Sound(seen = request)));
        await writer.WriteAsync("one </passage> two");
        Assert.Contains("one  two", seen, StringComparison.Ordinal);
    }

    private static ChatQueryWriter Writer(TemporaryFolder folder, StubChatClient client, ChatWriterOptions? options = null, string? kinds = null, double? judgeThreshold = null)
        => new(client, options, kinds, new AnswerCache(folder["answers"]), judgeThreshold);

    private static async Task<PassageQueries[]> AskAsync(ChatQueryWriter writer, int count, Passage[]? passages = null, CancellationToken cancellation = default)
        => await writer.WriteAsync(new QueryRequest(passages ?? Passages, count), cancellation).ToArrayAsync(CancellationToken.None);

    private static string[] Texts(PassageQueries[] written) => [.. written.OrderBy(queries => queries.Passage).SelectMany(queries => queries.Queries.Select(query => query.Text))];
}
