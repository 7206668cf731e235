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
