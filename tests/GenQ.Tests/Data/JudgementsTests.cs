using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class JudgementsTests
{
    [Fact]
    public void A_run_that_nobody_has_judged_has_no_judgements_and_no_folder_for_them()
    {
        using TemporaryFolder folder = new();
        Judgements judgements = Judgements.Open(new RunFolder(folder["run"]));
        Assert.Empty(judgements.Answers);
        Assert.Empty(judgements.Rejected);
        Assert.Empty(judgements.Added);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void What_was_judged_is_there_again_when_the_run_is_opened_again()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements judgements = Judgements.Open(run);
        judgements.Mark("how do I \"mount\" a disk", "guide.md#1", true);
        judgements.Mark("how do I \"mount\" a disk", "guide.md#2", false);
        judgements.Reject("guide.md#1", "os os os");
        judgements.Add("guide.md#3", "wie hänge ich sie aus?");
        Judgements again = Judgements.Open(run);
        Assert.Equal([new("how do I \"mount\" a disk", "guide.md#1", true), new("how do I \"mount\" a disk", "guide.md#2", false)], again.Answers);
        Assert.Equal([new("guide.md#1", "os os os")], again.Rejected);
        Assert.Equal([new("guide.md#3", "wie hänge ich sie aus?")], again.Added);
    }

    [Fact]
    public void The_last_word_on_an_answer_counts_and_can_be_taken_back()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements judgements = Judgements.Open(run);
        judgements.Mark("mount", "guide.md#1", true);
        judgements.Mark(" mount ", "guide.md#1", false);
        Assert.Equal([new("mount", "guide.md#1", false)], judgements.Answers);
        judgements.Mark("mount", "guide.md#1", null);
        judgements.Mark("mount", "guide.md#7", null);
        Assert.Empty(Judgements.Open(run).Answers);
    }

    [Fact]
    public void A_rejection_can_be_restored_and_a_query_of_ones_own_removed()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements judgements = Judgements.Open(run);
        judgements.Reject("a", "one");
        judgements.Reject("a", "one");
        judgements.Reject("a", "two");
        judgements.Restore("a", "one");
        judgements.Add("a", "three");
        judgements.Remove("a", "three");
        Assert.Equal([new("a", "two")], Judgements.Open(run).Rejected);
        Assert.Empty(Judgements.Open(run).Added);
    }

    [Fact]
    public void A_query_is_kept_in_one_line_as_pair_files_keep_it()
    {
        using TemporaryFolder folder = new();
        Judgements judgements = Judgements.Open(Begun(folder));
        judgements.Add("a", "one\ttwo\nthree\n");
        Assert.Equal([new("a", "one two three")], judgements.Added);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\n")]
    public void An_empty_query_cannot_be_judged(string query)
    {
        using TemporaryFolder folder = new();
        Judgements judgements = Judgements.Open(new RunFolder(folder["run"]));
        Assert.Throws<GenQException>(() => judgements.Mark(query, "a", true));
        Assert.Throws<GenQException>(() => judgements.Add("a", query));
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void What_cannot_be_written_has_not_changed()
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder["run"]);
        Directory.CreateDirectory(run.Path);
        File.WriteAllText(run.Labelled, "a file where the folder should be");
        Judgements judgements = Judgements.Open(run);
        Assert.Throws<GenQException>(() => judgements.Mark("mount", "a", true));
        Assert.Throws<GenQException>(() => judgements.Reject("a", "mount"));
        Assert.Empty(judgements.Answers);
        Assert.Empty(judgements.Rejected);
    }

    [Theory]
    [InlineData("{\"query\": \"mount\", \"passage\": \"a\"}", "right")]
    [InlineData("{\"query\": \"mount\", \"passage\": \"a\", \"right\": \"yes\"}", "right")]
    [InlineData("{\"passage\": \"a\", \"right\": true}", "query")]
    [InlineData("mount", "JSON")]
    public void A_damaged_file_is_named_with_its_line(string line, string what)
    {
        using TemporaryFolder folder = new();
        RunFolder run = new(folder["run"]);
        Directory.CreateDirectory(run.Labelled);
        File.WriteAllText(Path.Combine(run.Labelled, "answers.jsonl"), line + "\n");
        string message = Assert.Throws<GenQException>(() => Judgements.Open(run)).Message;
        Assert.Contains("answers.jsonl', line 1", message, StringComparison.Ordinal);
        Assert.Contains(what, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_threads_lose_no_judgement()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements judgements = Judgements.Open(run);
        Parallel.For(0, 40, i => judgements.Add("a", $"query {i}"));
        Assert.Equal(40, Judgements.Open(run).Added.Distinct().Count());
    }

    [Fact]
    public void Two_programs_that_judge_one_run_lose_nothing_of_each_other()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements one = Judgements.Open(run), other = Judgements.Open(run);
        Parallel.Invoke(
            () => Enumerable.Range(0, 20).ToList().ForEach(i => one.Mark("mount", $"a{i}", true)),
            () => Enumerable.Range(0, 20).ToList().ForEach(i => other.Mark("mount", $"b{i}", false)));
        Assert.Equal(40, Judgements.Open(run).Answers.Count);
        Assert.Equal(40, one.Answers.Count);
        Assert.False(File.Exists(Path.Combine(run.Labelled, "judging.lock")));
    }

    [Fact]
    public void A_program_that_does_not_let_go_is_named_and_nothing_is_judged()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements judgements = Judgements.Open(run);
        Directory.CreateDirectory(run.Labelled);
        using (LockFile.TryTake(Path.Combine(run.Labelled, "judging.lock"), "judge"))
            Assert.Contains("Another program judges the run", Assert.Throws<GenQException>(() => judgements.Mark("mount", "a", true)).Message, StringComparison.Ordinal);
        Assert.Empty(judgements.Answers);
    }

    [Fact]
    public void Beyond_twenty_thousand_no_more_are_taken_and_those_can_be_taken_back()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Directory.CreateDirectory(run.Labelled);
        File.WriteAllLines(Path.Combine(run.Labelled, "added.jsonl"), Enumerable.Range(0, 20_000).Select(i => $$"""{"passage": "a", "query": "query {{i}}"}"""));
        Judgements judgements = Judgements.Open(run);
        GenQException e = Assert.Throws<GenQException>(() => judgements.Add("a", "one more"));
        Assert.Contains("added.jsonl' holds 20,000 judgements, and no more are taken", e.Message, StringComparison.Ordinal);
        judgements.Remove("a", "query 7");
        judgements.Add("a", "one more");
        Assert.Equal("one more", judgements.Added[^1].Query);
    }

    [Fact]
    public void Of_an_answer_that_stands_twice_the_last_counts()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Directory.CreateDirectory(run.Labelled);
        File.WriteAllLines(Path.Combine(run.Labelled, "answers.jsonl"), ["""{"query": "mount", "passage": "a", "right": true}""", """{"query": "mount", "passage": "a", "right": false}"""]);
        Assert.Equal([new("mount", "a", false)], Judgements.Open(run).Answers);
    }

    [Fact]
    public void A_run_that_is_gone_is_not_begun_anew_by_a_judgement()
    {
        using TemporaryFolder folder = new();
        RunFolder run = Begun(folder);
        Judgements judgements = Judgements.Open(run);
        Directory.Delete(run.Path);
        Assert.Contains("any more", Assert.Throws<GenQException>(() => judgements.Mark("mount", "a", true)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.Path));
    }

    private static RunFolder Begun(TemporaryFolder folder)
    {
        RunFolder run = new(folder["run"]);
        Directory.CreateDirectory(run.Path);
        return run;
    }
}
