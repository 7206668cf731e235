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

    [Theory]
    [InlineData("title: Plain # a comment")]
    [InlineData("title: \"Plain\"")]
    [InlineData("'Title': 'Plain'")]
    [InlineData("# comment\n\ntitle: >-\n  Plain\ntags: [a, {title: b}]")]
    [InlineData("nested:\n  title: inner\ntitle: |\n  Plain")]
    [InlineData("list:\n- title: inner\ntitle:\n  Plain")]
    [InlineData("title: &name Plain\nother: *name")]
    [InlineData("title: Plain\nbad: it: is: not: valid")]
    public async Task The_title_is_read_from_YAML_of_any_form(string yaml) => await AssertTitle("Plain", $"---\n{yaml}\n---\nWords.");

    [Theory]
    [InlineData("title: ~")]
    [InlineData("title: null")]
    [InlineData("title: ''")]
    [InlineData("title:")]
    [InlineData("title: [a, b]")]
    [InlineData("# nothing")]
    [InlineData("layout: default")]
    public async Task Metadata_without_a_title_are_no_text_either(string yaml) => await AssertTitle(null, $"---\n{yaml}\n---\nWords.");

    [Theory]
    [InlineData("---\r\ntitle: Plain\r\n---\r\nWords.")]
    [InlineData("\uFEFF---\ntitle: Plain\n...\nWords.")]
    [InlineData("\n\n---\ntitle: Plain\n---\nWords.")]
    [InlineData("<!-- licence -->\n<!-- of\ntwo lines -->\n\n--- \ntitle: Plain\n---\t\nWords.")]
    [InlineData("+++\ntitle = \"Plain\"\ndate = 2025-03-01\n[menu]\ntitle = 'inner'\n+++\nWords.")]
    [InlineData("+++\r\ntitle = '''Plain'''\r\n+++\r\nWords.")]
    [InlineData("+++\ndraft = maybe\ntitle = 'Plain'\n+++\nWords.")]
    [InlineData("---toml\ntitle = 'Plain'\n---\nWords.")]
    [InlineData("{\n  \"menu\": {\"title\": \"inner\"},\n  \"title\": \"Plain\", // comment\n}\n\nWords.")]
    [InlineData("---json\n{\"title\": \"Plain\"}\n---\nWords.")]
    [InlineData(";;;\n\"title\": \"Plain\"\n;;;\nWords.")]
    public async Task Metadata_of_all_formats_give_the_title_and_no_text(string text) => await AssertTitle("Plain", text);

    [Theory]
    [InlineData("---\n\nWords, and not a pair.\n\nMore.\n\n---\n\nEnd.", "Words, and not a pair. More. End.")]
    [InlineData("---\ntitle: Never closed\n\nWords.", "title: Never closed Words.")]
    [InlineData("{% include a %}\n\nWords.", "{% include a %} Words.")]
    [InlineData("+++\n\nWords and no metadata.\n\n+++", "+++ Words and no metadata. +++")]
    [InlineData("{\"key\": 1}", "{\"key\": 1}")]
    public async Task What_is_no_metadata_stays(string text, string words) =>
        Assert.Equal(words, DocumentBuilder.OneLine((await ReadOneAsync(Utf8(text))).Text));

    [Fact]
    public async Task Metadata_nested_without_end_are_passed_over_at_once()
    {
        string depths = new('[', 100_000);
        await AssertTitle("Plain", $"---\ntitle: Plain\nx: {depths}\n---\nWords.");
        await AssertTitle("Plain", $"---\nx: {depths}\ntitle: Plain\n---\nWords.");
        await AssertTitle("Plain", $"+++\nx = {depths}\ntitle = 'Plain'\n+++\nWords.");
    }

    [Theory]
    [InlineData("List<Object>")]
    [InlineData("Map<String, List<T>>")]
    [InlineData("<script>")]
    [InlineData("<script> and </script>")]
    [InlineData("<title>")]
    [InlineData("<textarea>")]
    [InlineData("<plaintext>")]
    [InlineData("<nav> and </nav>")]
    [InlineData("<select>, <option>, <button>, <template>, <video>, <svg>, <iframe>, <style>")]
    [InlineData("<header>, <footer>, <aside>, <form>, <noscript>, <object>, <canvas>, <audio>")]
    [InlineData("<your-url> or <NAME>")]
    [InlineData("<select the file> and <input file>")]
    [InlineData("<table> or <p> or <div> or <body>")]
    [InlineData("<img> and <meta charset=\"utf-8\">")]
    [InlineData("<!-- which never ends")]
    [InlineData("<?php which never ends")]
    public async Task A_tag_that_the_text_names_is_text_and_takes_nothing_along(string tag)
    {
        Assert.Equal($"A\n\nThe {tag} word.\n\nB\n\nEnd.", (await ReadOneAsync(Utf8($"# A\n\nThe {tag} word.\n\n## B\n\nEnd.\n"))).Text);
        Assert.Equal($"A {tag}\n\nB\n\nEnd.", (await ReadOneAsync(Utf8($"# A {tag}\n\n## B\n\nEnd.\n"))).Text);
        Document document = await ReadOneAsync(Utf8($"# A\n\n{tag} begins the line.\n\n## B\n\nEnd.\n"));
        Assert.EndsWith("begins the line.\n\nB\n\nEnd.", document.Text);
        Assert.Equal(["A", "B"], document.Sections.Select(section => section.Heading));
    }

    [Theory]
    [InlineData("Press <kbd>F1</kbd>, H<sub>2</sub>O, <b>bold</b>,<br>a <a name=\"x\"></a>line.", "Press F1, H2O, bold, a line.")]
    [InlineData("An <img src=\"a.png\"> and <svg width=\"1\"><text>no</text></svg> picture.", "An and picture.")]
    [InlineData("Words.\n\n<script>\nvar x;\n\nvar y;\n</script>\n\nEnd.", "Words. End.")]
    [InlineData("Words.\n\n<style>p { color: red }</style>\n\nEnd.", "Words. End.")]
    [InlineData("<details>\n<summary>More</summary>\n\nSome *words*.\n\n</details>\n\nEnd.", "More Some words. End.")]
    [InlineData("<nav>\n\n[Home](a)\n\n</nav>\n\nEnd.", "End.")]
    [InlineData("<iframe src=\"x\"></iframe>\n\nEnd.", "End.")]
    [InlineData("<iframe src=\"x\"/>\n\nWords.\n\nEnd.", "Words. End.")]
    [InlineData("<video src=\"x\"/>\n\nWords.", "Words.")]
    [InlineData("<!-- a comment\n\nof two paragraphs -->\n\nEnd.", "End.")]
    [InlineData("<table><tr><td>one<td>two</table>\n\nEnd.", "one two End.")]
    [InlineData("<Tabs>\n<TabItem value=\"x\">\n\nWords.\n\n</TabItem>\n</Tabs>", "Words.")]
    [InlineData("| a | b |\n|---|---|\n| <ul><li>one<li>two</ul> | x<br/>y |", "a b one two x y")]
    [InlineData("<header>\n<h1>Name</h1>\n</header>\n\nEnd.", "Name End.")]
    [InlineData("<div\n\nWords \"quoted\" > end.", "<div Words \"quoted\" > end.")]
    public async Task Tags_that_mark_up_are_no_text(string text, string words) =>
        Assert.Equal(words, DocumentBuilder.OneLine((await ReadOneAsync(Utf8(text))).Text));

    private async Task AssertTitle(string? title, string text)
    {
        Document document = await ReadOneAsync(Utf8(text));
        Assert.Equal((title, "Words."), (document.Title, document.Text));
    }

    [Fact]
    public async Task Nesting_without_end_is_a_clear_failure() =>
        Assert.Contains("nested too deeply", await FailureAsync(Utf8(new string('>', 20_000) + " deep")));
}
