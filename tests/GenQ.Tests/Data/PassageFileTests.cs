using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class PassageFileTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        using TemporaryFolder folder = new();
        Passage[] passages =
        [
            new("a", "Text with \"quotes\",\nline ends and 日本.", "Install > Linux", new PassageOrigin("a.pdf", "a.pdf", 3, 10, 47)),
            new("b", "No title.", null, new PassageOrigin("b.txt", "b.txt#2", null, 0, 9)),
            new("c", "No origin."),
        ];

        PassageFile.Write(folder["passages.jsonl"], passages);

        Assert.Equal(passages, PassageFile.Read(folder["passages.jsonl"]));
    }

    [Fact]
    public void A_line_is_BEIRs()
    {
        using TemporaryFolder folder = new();
        PassageFile.Write(folder["p.jsonl"], [new("a", "é<b>", null, new PassageOrigin("f.pdf", "d", 3, 10, 14))]);

        Assert.Equal(
            """{"_id":"a","title":"","text":"é<b>","metadata":{"source":"f.pdf","document":"d","page":3,"start":10,"end":14}}""" + "\n",
            File.ReadAllText(folder["p.jsonl"]));
    }

    [Fact]
    public void Foreign_files_may_lack_titles_have_numbers_as_ids_and_metadata_of_their_own()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["p.jsonl"], """
            {"_id": 17, "text": "one"}

            {"_id": "x", "title": " ", "text": "two", "metadata": {}}
            {"_id": "y", "title": null, "text": "three", "metadata": {"source": "s", "document": 4, "start": 0, "end": 1}}
            {"_id": "z", "title": "T", "text": "four", "metadata": {"source": "s", "document": "d", "start": "0", "end": 1}, "url": "u"}
            """);

        Assert.Equal([new("17", "one"), new("x", "two"), new("y", "three"), new("z", "four", "T")], PassageFile.Read(folder["p.jsonl"]));
    }

    [Theory]
    [InlineData("""{"_id": "a", "text": "one", "metadata": {"source": "s", "document": "d", "start": 1e999, "end": 1}}""")]
    [InlineData("""{"_id": "a", "text": "one", "metadata": [1]}""")]
    [InlineData("""{"_id": "b", "_id": "a", "text": "one", "metadata": null}""")]
    public void Metadata_of_any_kind_is_passed_over(string line)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["p.jsonl"], line);
        Assert.Equal([new("a", "one")], PassageFile.Read(folder["p.jsonl"]));
    }

    [Theory]
    [InlineData("{\"_id\": \"b\"}", "line 2, has no \"text\"")]
    [InlineData("{\"text\": \"b\"}", "line 2, has no \"_id\"")]
    [InlineData("{\"_id\": \"b\", \"text\": [1]}", "line 2, has \"text\" as Array")]
    [InlineData("{\"_id\": \"b\", ", "line 2, is not JSON")]
    [InlineData("[1]", "line 2, is not a JSON object")]
    [InlineData("{\"_id\": \"b\", \"text\": \"\\ud800\"}", "line 2, is not JSON: a text before byte")]
    public void An_error_names_file_and_line(string secondLine, string message)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["p.jsonl"], "{\"_id\": \"a\", \"text\": \"x\"}\n" + secondLine + "\n");

        GenQException error = Assert.Throws<GenQException>(() => PassageFile.Read(folder["p.jsonl"]).ToList());

        Assert.Contains("p.jsonl'", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"_id": "a", "text": "x", "\ud800": 1}""")]
    [InlineData("""{"_id": "a", "text": "x", "metadata": {"source": "\uD800", "document": "d", "start": 0, "end": 1}}""")]
    [InlineData("""{"_id": "a", "text": "x \ud800 y"}""")]
    public void A_text_that_is_no_Unicode_is_told_with_its_line(string line)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["corpus.jsonl"], "{\"_id\": \"first\", \"text\": \"x\"}\n" + line);
        string message = Assert.Throws<GenQException>(() => PassageFile.Read(folder["corpus.jsonl"]).Count()).Message;
        Assert.Contains("line 2", message, StringComparison.Ordinal);
        Assert.Contains("not valid Unicode", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_passage_that_could_not_be_read_again_is_not_written()
    {
        using TemporaryFolder folder = new();
        Passage passage = new("a", new string('x', InputLimits.LineCharacters));
        Assert.Contains("The passage 'a' has 16,777,216 characters", Assert.Throws<GenQException>(() => PassageFile.Write(folder["p.jsonl"], [passage])).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path, "p.jsonl"));
    }
}
