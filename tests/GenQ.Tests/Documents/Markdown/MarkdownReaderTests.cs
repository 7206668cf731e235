using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class MarkdownReaderTests : DocumentReaderConformanceTests
{
    private protected override IDocumentReader Reader { get; } = new MarkdownReader();

    private protected override byte[] Sample => Utf8("""
        ---
        title: "The guide"
        tags: [secret]
        ---
        # Install *it*

        Use the [package](https://example.org) **manager**.

        ## Linux

        ```sh
        apt-get update
          apt-get install genq
        ```

        | Name | Size |
        |------|------|
        | mini | 30   |

        <div class="raw">Raw <b>words</b></div>
        """);

    [Fact]
    public async Task Headings_code_tables_and_raw_HTML_become_text()
    {
        Document document = await ReadOneAsync(Sample);
        Assert.Equal(
            """
            Install it

            Use the package manager.

            Linux

            apt-get update
              apt-get install genq

            Name Size
            mini 30

            Raw words
            """.ReplaceLineEndings("\n"),
            document.Text);
        Assert.Equal([(1, "Install it"), (2, "Linux")], document.Sections.Select(s => (s.Level, s.Heading)));
    }

    [Theory]
    [InlineData("Get /users/{id}/posts, set {name} first, returns {}.")]
    [InlineData("Use std::vector and std::map.")]
    [InlineData("C++11 and C++14.")]
    [InlineData("If a==b and c==d, x^2 + y^2.")]
    [InlineData("Costs $5 and $6; H~2~O.")]
    public async Task What_is_markup_to_others_than_GitHub_stays(string text)
    {
        Document document = await ReadOneAsync(Utf8($"# {text}\n\n{text}\n"));
        Assert.Equal($"{text}\n\n{text}", document.Text);
        Assert.Equal([text], document.Sections.Select(section => section.Heading));
    }

    [Fact]
    public async Task What_GitHub_marks_and_boxes_give_their_text_alone() => Assert.Equal(
        "Old new.\n\nA box of two::words.\n\nNote\n\nTake care.\n\ndone",
        (await ReadOneAsync(Utf8("~~Old~~ new.\n\n:::note\nA box of two::words.\n:::\n\n> [!NOTE]\n> Take care.\n\n- [x] done\n"))).Text);

    [Fact]
    public async Task Front_matter_gives_the_title_and_no_text()
    {
        Document document = await ReadOneAsync(Sample);
        Assert.Equal("The guide", document.Title);
        Assert.DoesNotContain("secret", document.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nesting_without_end_is_a_clear_failure() =>
        Assert.Contains("nested too deeply", await FailureAsync(Utf8(new string('>', 20_000) + " deep")));
}
