using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class SquadFileTests
{
    private const string Tiny = """
        {"version": "1.1", "data": [
          {"title": "A", "paragraphs": [
            {"context": "First.", "qas": [{"id": "q1", "question": "Which?", "answers": [{"text": "First", "answer_start": 0}]}]},
            {"context": "Second.", "qas": []}]},
          {"title": "B", "paragraphs": [
            {"context": "First.", "qas": [{"id": "q2", "question": "Again?", "answers": []}]},
            {"context": "Third.", "qas": [{"id": "q3", "question": "Last?", "answers": []}]}]}]}
        """;

    [Fact]
    public void Each_paragraph_is_a_passage_and_answers_the_questions_about_its_copies_too()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["squad.json"], Tiny);

        RetrievalTask task = SquadFile.ReadTask(folder["squad.json"]);

        Assert.Equal(
            [new("squad-0", "First."), new("squad-1", "Second."), new("squad-2", "First."), new("squad-3", "Third.")], task.Corpus);
        Assert.Equal([new("q1", "Which?"), new("q2", "Again?"), new("q3", "Last?")], task.Queries);
        Assert.Equal(["squad-0", "squad-2"], task.Relevant["q1"].Keys);
        Assert.Equal(["squad-0", "squad-2"], task.Relevant["q2"].Keys);
        Assert.Equal(["squad-3"], task.Relevant["q3"].Keys);
    }

    [Theory]
    [InlineData("{\"data\": [{\"paragraphs\": [{\"text\": \"x\"}]}]}", "context")]
    [InlineData("{\"data\": []}", "holds no article")]
    [InlineData("{\"data\": ", "is not SQuAD v1.1")]
    [InlineData("null", "holds no article")]
    [InlineData("{\"data\": [null]}", "null stands where")]
    [InlineData("{\"data\": [{\"paragraphs\": [null]}]}", "null stands where")]
    [InlineData("{\"data\": [{\"paragraphs\": [{\"context\": \"a b\", \"qas\": [null]}]}]}", "null stands where")]
    public void A_file_that_is_not_SQuAD_is_refused(string content, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["squad.json"], content);

        string error = Assert.Throws<GenQException>(() => SquadFile.ReadPassages(folder["squad.json"])).Message;

        Assert.Contains("squad.json", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_without_end_is_refused_before_it_is_in_memory()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["squad.json"], $$"""{"data": [{"paragraphs": [{"context": "{{new string('a', 1 << 23)}}\\\"{{new string('a', 1 << 23)}}"}]}]}""");
        string error = Assert.Throws<GenQException>(() => SquadFile.ReadPassages(folder["squad.json"])).Message;
        Assert.Contains("a text of more than 16,777,216 bytes", error, StringComparison.Ordinal);

        File.WriteAllText(folder["squad.json"], $$"""{"data": [{"paragraphs": [{"context": "{{new string('a', 1 << 23)}}"}, {"context": "{{new string('b', 1 << 23)}}"}]}]}""");
        Assert.Equal(2, SquadFile.ReadPassages(folder["squad.json"]).Count);
    }

    [Fact]
    public void The_training_file_holds_18896_paragraphs_and_87599_questions()
    {
        RetrievalTask task = SquadFile.ReadTask(Shared.Company("data", "squad", "train-v1.1.json.gz"));

        Assert.Equal(18_896, task.Corpus.Count);
        Assert.Equal(87_599, task.Queries.Count);
    }
}
