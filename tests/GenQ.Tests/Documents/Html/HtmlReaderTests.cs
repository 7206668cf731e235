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

    [Theory]
    [InlineData("<h2><button aria-expanded=false>How do I reset it?</button></h2><p>Hold the knob.</p>")]
    [InlineData("<button class=x><h2>How do I reset it?</h2></button><p>Hold the knob.</p>")]
    [InlineData("<h2><span><button>How do I reset it?<svg><title>v</title></svg></button></span></h2><div hidden id=a aria-labelledby=b role=region>Hold the knob.</div>")]
    [InlineData("<div role=heading aria-level=2><button>How do I reset it?</button></div><p>Hold the knob.</p>")]
    public async Task The_button_of_an_accordion_is_a_heading(string html)
    {
        Document document = await ReadOneAsync(Utf8(html));
        Assert.Equal("How do I reset it?\n\nHold the knob.", document.Text);
        Assert.Equal([(2, "How do I reset it?")], document.Sections.Select(s => (s.Level, s.Heading)));
    }

    [Theory]
    [InlineData("<dl><dt><button>The cold pump</button></dt><dd>Wait.</dd></dl>")]
    [InlineData("<button class=collapsible>The cold pump</button><p>Wait.</p>")]
    [InlineData("<div class=faq-item><button>The cold pump</button></div><p>Wait.</p>")]
    [InlineData("<button aria-controls=p aria-expanded=false>The cold pump</button><div id=p hidden>Wait.</div>")]
    [InlineData("<div role=tablist><button role=tab>The cold pump</button></div><div role=tabpanel hidden>Wait.</div>")]
    [InlineData("<button data-bs-toggle=collapse data-bs-target='#p'>The cold pump</button><div id=p aria-hidden=true>Wait.</div>")]
    [InlineData("<details><summary>The cold pump</summary>Wait.</details>")]
    public async Task The_button_that_opens_a_text_is_text_and_so_is_the_closed_panel(string html) =>
        Assert.Equal("The cold pump Wait.", OneLine(await TextAsync(html)));

    [Theory]
    [InlineData("<p>Words.</p><button>Copy</button>")]
    [InlineData("<p>Words.</p><button class=toggle aria-expanded=false>Show more</button>")]
    [InlineData("<p>Words.</p><button aria-expanded=false aria-controls=m>Menu</button><ul id=m hidden><li><a href=a>Home</a></li></ul>")]
    [InlineData("<p>Words.</p><button aria-haspopup=true aria-expanded=false>Products</button>")]
    [InlineData("<h1>Words. <button aria-expanded=true>Edit this section</button></h1>")]
    public async Task A_button_that_does_something_is_no_text(string html) => Assert.Equal("Words.", await TextAsync(html));

    [Theory]
    [InlineData("<header>Site</header><section><header><h2>Bleed it</h2> Gloves.</header><p>Open.</p><footer>By us.</footer></section><footer>Imprint</footer>", "Bleed it Gloves. Open. By us.")]
    [InlineData("<p>It ran.</p><blockquote><p>Never dry.</p><footer>The head</footer></blockquote>", "It ran. Never dry. The head")]
    [InlineData("<p>It ran.</p><figure>A pump<footer>Drawn</footer></figure>", "It ran. A pump Drawn")]
    [InlineData("<header id=title-block-header><h1>Pump</h1><p>Team</p></header><p>Words.</p>", "Pump Team Words.")]
    [InlineData("<title>Pump</title><header><h1>Pump</h1><p>Team</p></header><p>Words.</p>", "Pump Team Words.")]
    [InlineData("<header><h1><a href=a>Site</a></h1></header><p>Words.</p>", "Words.")]
    [InlineData("<section><header><a href=a>Site</a></header><p>Words.</p><footer>© 2025 Site</footer></section>", "Words.")]
    public async Task The_header_and_footer_of_a_part_stay_and_those_of_the_page_go(string html, string text) =>
        Assert.Equal(text, OneLine(await TextAsync(html)));

    [Theory]
    [InlineData("<main>One.</main><p>Around</p><main>Two.</main>", "One. Two.")]
    [InlineData("<main>One. <div role=main>Two.</div></main>", "One. Two.")]
    [InlineData("<main hidden>Sign in.</main><main>Words.</main>", "Words.")]
    [InlineData("<main aria-hidden=true>Sign in.</main><div role=main>Words.</div>", "Words.")]
    [InlineData("<main style='display: none'>Sign in.</main><main>Words.</main>", "Words.")]
    [InlineData("<div style='DISPLAY:NONE'><main>Sign in.</main></div><p>Words.</p>", "Words.")]
    [InlineData("<div hidden><main>Sign in.</main></div><main>Words.</main>", "Words.")]
    [InlineData("<main hidden>Words that a script shows.</main>", "Words that a script shows.")]
    public async Task All_main_parts_that_are_shown_are_the_text(string html, string text) => Assert.Equal(text, OneLine(await TextAsync(html)));

    [Theory]
    [InlineData("2<sup>10</sup> entries, 10<sup>-3</sup> or 10<sup>−3</sup>", "2^10 entries, 10^-3 or 10^-3")]
    [InlineData("50<sup><a href='#1'>1</a></sup> requests, 50<a href='#2'><sup>2</sup></a>, 50<sup class=footnote-ref>3</sup>", "50[1] requests, 50[2], 50[3]")]
    [InlineData("as shown.<sup>4</sup> The results<sup>5</sup> of it<sup>6,7</sup>", "as shown.[4] The results[5] of it[6,7]")]
    [InlineData("fact<sup>[1]</sup> and star<sup>*</sup>", "fact[1] and star*")]
    [InlineData("<sup>1</sup>Per hour", "1 Per hour")]
    [InlineData("1<sup>st</sup> 2<sup>nd</sup> 13<sup>th</sup> XX<sup>e</sup> M<sup>me</sup>", "1st 2nd 13th XXe Mme")]
    [InlineData("CO<sub>2</sub> H<sub>2</sub>O Ca(OH)<sub>2</sub> Na<sup>+</sup> Fe<sup>3+</sup> SO<sub>4</sub><sup>2-</sup> <sup>14</sup>C", "CO2 H2O Ca(OH)2 Na+ Fe3+ SO4^2- 14C")]
    [InlineData("<sup>1</sup>/<sub>2</sub> and 3<sup>1</sup>&frasl;<sub>2</sub> inch", "1/2 and 3 1/2 inch")]
    [InlineData("x<sup>2</sup>, m<sup>2</sup>, km<sup>2</sup>, s<sup>-1</sup>, (a+b)<sup>2</sup>, 2<sup>n+1</sup>, e<sup>x</sup>", "x^2, m^2, km^2, s^-1, (a+b)^2, 2^(n+1), e^x")]
    [InlineData("x<sub>i</sub>, V<sub>max</sub>, 1010<sub>2</sub>, log<sub>2</sub>8, a<sub>1</sub>", "x_i, V_max, 1010_2, log_2 8, a1")]
    [InlineData("<a href='a'>m<sup>2</sup></a> of 10<a href='#1'>[<sup>1</sup>]</a>", "m^2 of 10[1]")]
    [InlineData("GenQ<sup>TM</sup> Pro<sup>new</sup>", "GenQ™ Pro^new")]
    [InlineData("The box<sup>see the note on page four</sup> is red", "The box see the note on page four is red")]
    public async Task Raised_and_lowered_characters_do_not_join_what_stands_before(string html, string text) =>
        Assert.Equal(text, await TextAsync($"<p>{html}</p>"));

    [Theory]
    [InlineData("<mi>x</mi><mo>=</mo><mfrac><mn>1</mn><mn>2</mn></mfrac>", "x = 1/2")]
    [InlineData("<mn>3</mn><mfrac><mn>1</mn><mn>2</mn></mfrac>", "3 1/2")]
    [InlineData("<msup><mi>e</mi><mn>12</mn></msup><mi>y</mi>", "e^12 y")]
    [InlineData("<msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup>", "10^-3")]
    [InlineData("\n <mfrac>\n <mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow>\n <mi>c</mi>\n</mfrac>\n", "(a+b)/c")]
    [InlineData("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>", "x_1^2")]
    [InlineData("<msqrt><mn>2</mn></msqrt><mo>+</mo><mroot><mi>x</mi><mn>3</mn></mroot>", "√(2)+(x)^(1/3)")]
    [InlineData("<mi>sin</mi><mo>&#x2061;</mo><mi>x</mi><mn>2</mn><mi>y</mi>", "sin x 2y")]
    [InlineData("<semantics><mrow><mi>a</mi><mo>&lt;</mo><mi>b</mi></mrow><annotation encoding='application/x-tex'>a \\lt b</annotation></semantics>", "a < b")]
    public async Task Formulas_keep_their_fractions_and_exponents(string formula, string text) =>
        Assert.Equal($"It is {text}.", await TextAsync($"<p>It is <math>{formula}</math>.</p>"));

    [Fact]
    public async Task A_formula_nested_ten_thousand_deep_is_read() =>
        Assert.Contains("deep", await TextAsync($"<math>{string.Concat(Enumerable.Repeat("<mrow>", 10_000))}<mi>deep</mi>"), StringComparison.Ordinal);

    [Theory]
    [InlineData("<h1>Oven</h1><aside class=warning>Unplug it.</aside><p>Wipe it.</p>", "Oven Unplug it. Wipe it.")]
    [InlineData("<h1>Oven</h1><section><aside>Use grease two.</aside><p>Wipe it.</p></section>", "Oven Use grease two. Wipe it.")]
    [InlineData("<h1>Oven</h1><aside class=sidebar>Our shops</aside><p>Wipe it.</p>", "Oven Wipe it.")]
    [InlineData("<h1>Oven</h1><aside><a href=a>Our shops</a></aside><p>Wipe it.</p>", "Oven Wipe it.")]
    public async Task An_aside_of_words_is_text_on_a_page_without_a_main_part(string html, string text) =>
        Assert.Equal(text, OneLine(await TextAsync($"<body>{html}")));

    [Theory]
    [InlineData("<form><fieldset><legend>Which code?</legend><label><input type=radio>E1: the guard is open.</label><label><input type=radio>E2: too hot.</label></fieldset></form>", true)]
    [InlineData("<form><p>E1 E2 Which code?</p></form>", true)]
    [InlineData("<form role=search>Which code do you look for? E1 E2</form>", false)]
    [InlineData("<form action=/login>Which code do you have, E1 or E2? <input type=password></form>", false)]
    [InlineData("<form>Which code? E1 E2</form>", false)]
    public async Task A_form_with_text_is_text_and_one_to_search_or_sign_in_is_not(string form, bool isText)
    {
        string text = await TextAsync($"<body><p>Use this sheet when the press has stopped by itself, and the lamp on the cabinet blinks in red without a pause.</p>{form}");
        Assert.Equal(isText, text.Contains("E1", StringComparison.Ordinal) && text.Contains("E2", StringComparison.Ordinal) && text.Contains("Which code?", StringComparison.Ordinal));
        Assert.Equal(isText, text.Contains("code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Front_matter_of_a_page_gives_the_title_and_no_text()
    {
        Document document = await ReadOneAsync(Utf8("---\ntitle: The page\nlayout: default\n---\n<h1>Heading</h1><p>Words.</p>"));
        Assert.Equal(("The page", "Heading\n\nWords."), (document.Title, document.Text));
    }

    private static string OneLine(string text) => DocumentBuilder.OneLine(text);

    private async Task<string> TextAsync(string html) => (await ReadOneAsync(Utf8(html))).Text;
}
