using System.Text;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class HtmlReaderTests : DocumentReaderConformanceTests
{
    private protected override IDocumentReader Reader { get; } = new HtmlReader();

    private protected override byte[] Sample => Utf8("""
        <!DOCTYPE html><html><head><title>Guide - Site</title><style>p { color: red }</style></head><body>
        <header>Banner</header><nav><a href="/">Home</a></nav>
        <h1>The <em>guide</em><a class="headerlink" href="#g">¶</a></h1>
        <p>First   words<br>second line.</p>
        <ul><li>one</li><li>two</li></ul>
        <h2>Code</h2><pre>if (x)
            <span>return</span>;</pre>
        <table><tr><th>Name</th><th>Size</th></tr><tr><td>mini</td><td>30</td></tr></table>
        <script>var hidden = 1;</script><footer>Imprint</footer></body></html>
        """);

    [Fact]
    public async Task Blocks_become_paragraphs_and_code_keeps_its_lines()
    {
        Document document = await ReadOneAsync(Sample);
        Assert.Equal(
            "The guide\n\nFirst words\nsecond line.\n\none\ntwo\n\nCode\n\nif (x)\n    return;\n\nName Size\nmini 30",
            document.Text);
        Assert.Equal("Guide - Site", document.Title);
        Assert.Equal([(1, "The guide"), (2, "Code")], document.Sections.Select(s => (s.Level, s.Heading)));
    }

    [Fact]
    public async Task The_main_element_is_the_text() =>
        Assert.Equal("Main words.", await TextAsync("<p>Around</p><main><header></header><p>Main words.</p></main><p>After</p>"));

    [Fact]
    public async Task A_menu_of_links_goes_and_a_sidebar_of_words_stays()
    {
        string text = await TextAsync("""
            <div class="menu"><a href="a">Products</a> <a href="b">Prices</a></div>
            <div class="related">Words about related things, see <a href="c">here</a>.</div>
            <p>A text that is long enough to be most of what stands on this page, and no menu at all.</p>
            """);
        Assert.DoesNotContain("Products", text, StringComparison.Ordinal);
        Assert.Contains("Words about related things", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_around_the_page_is_no_form() =>
        Assert.Equal("All the words.", await TextAsync("<form><p>All the words.</p></form>"));

    [Fact]
    public async Task The_declared_encoding_is_used_where_it_is_no_UTF_8()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes("<meta charset=\"koi8-r\"><p>"), 0xCD, 0xC9, 0xD2, .. Encoding.ASCII.GetBytes("</p>")];
        Assert.Equal("мир", (await ReadOneAsync(bytes)).Text);
    }

    [Fact]
    public async Task Declared_Latin_1_is_read_as_browsers_do_with_its_quotes()
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes("<meta charset=\"iso-8859-1\"><p>don"), 0x92, .. Encoding.ASCII.GetBytes("t "), 0x93, .. Encoding.ASCII.GetBytes("go"), 0x94];
        Assert.Equal("don’t “go”", (await ReadOneAsync(bytes)).Text);
    }

    [Fact]
    public async Task The_only_article_is_the_page_unless_it_is_a_small_part_of_it()
    {
        Assert.Equal("A long article about it.", await TextAsync("<body><p>By the way.</p><article>A long article about it.</article></body>"));
        Assert.Equal(
            "The manual says very much about it.\n\nThanks!",
            await TextAsync("<body><p>The manual says very much about it.</p><article class=comment>Thanks!</article></body>"));
    }

    [Theory]
    [InlineData("<iframe src=\"x\"/>")]
    [InlineData("<video src=\"x\"/>")]
    [InlineData("<style/>")]
    [InlineData("<br/><img src=\"x\"/><hr/>")]
    public async Task In_XHTML_nothing_is_lost_behind_an_element_that_closes_itself(string element) =>
        Assert.Equal("One.\n\nTwo.", await TextAsync($"<?xml version=\"1.0\"?><html><body><p>One.</p>{element}<p>Two.</p></body></html>"));

    [Fact]
    public async Task XHTML_elements_that_close_themselves_stay_empty() =>
        Assert.Equal("Words.", await TextAsync(
            "<?xml version=\"1.0\"?><html><head><title/></head><body><script src=\"x\"/><p>Words.</p></body></html>"));

    [Fact]
    public async Task A_page_nested_ten_thousand_deep_is_read() =>
        Assert.Equal("deep words", await TextAsync(string.Concat(Enumerable.Repeat("<div>", 10_000)) + "deep words"));

    [Fact]
    public async Task Zero_width_characters_and_soft_hyphens_are_dropped() =>
        Assert.Equal("hyphenation of words", await TextAsync("<p>hy&shy;phen&#8203;ation&nbsp;of  words</p>"));

    [Fact]
    public async Task An_aside_is_left_out_where_it_leads_elsewhere_and_stays_where_it_is_a_note() => Assert.Equal(
        "Text.\n\nCaution: back up first.",
        await TextAsync("<body><aside>About the author</aside><main><p>Text.</p><aside class=caution>Caution: back up first.</aside><aside><a href=a>Related page</a></aside></main></body>"));

    [Theory]
    [InlineData("<body><noscript><main>Enable scripts.</main></noscript><main>Words.</main></body>")]
    [InlineData("<body><object><article>None.</article></object><p>Words.</p></body>")]
    [InlineData("<html role=main><body>Words.</body></html>")]
    public async Task A_main_part_that_is_not_shown_is_none(string html) => Assert.Equal("Words.", await TextAsync(html));

    private async Task<string> TextAsync(string html) => (await ReadOneAsync(Utf8(html))).Text;
}
