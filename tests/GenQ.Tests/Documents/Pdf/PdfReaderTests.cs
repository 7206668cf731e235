using System.Text;
using GenQ.Data;
using GenQ.Documents;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Fonts.Standard14Fonts;
using UglyToad.PdfPig.Writer;

namespace GenQ.Tests.Documents;

public sealed class PdfReaderTests : DocumentReaderConformanceTests
{
    private protected override IDocumentReader Reader { get; } = new PdfReader();

    private protected override byte[] Sample => Pdf(
        [
            (18, "Installing"), (0, ""), (10, "The first words of a para-"), (10, "graph stand here."), (0, ""),
            (10, "A second one."), (10, "It goes on"),
        ],
        [(18, "Removing"), (0, ""), (10, "and ends on a page."), (10, "It is non-"), (10, "required work."), (10, "Really non-required.")]);

    [Fact]
    public async Task Lines_become_paragraphs_and_divided_words_are_joined() =>
        Assert.Equal(
            "Installing\n\nThe first words of a paragraph stand here.\n\nA second one.\nIt goes on\n\n"
            + "Removing\n\nand ends on a page.\nIt is non-required work.\nReally non-required.",
            (await ReadOneAsync(Sample)).Text);

    [Fact]
    public async Task Large_letters_are_headings()
    {
        Document document = await ReadOneAsync(Sample);
        Assert.Equal([(1, "Installing"), (1, "Removing")], document.Sections.Select(s => (s.Level, s.Heading)));
    }

    [Fact]
    public async Task Pages_say_where_they_begin()
    {
        Document document = await ReadOneAsync(Sample);
        Assert.Equal([0, document.Text.IndexOf("Removing", StringComparison.Ordinal)], document.Pages);
    }

    [Fact]
    public async Task A_sentence_goes_on_over_a_page()
    {
        Document document = await ReadOneAsync(Pdf([(10, "It goes on and di-")], [(10, "vides a word.")]));
        Assert.Equal("It goes on and divides a word.", document.Text);
        Assert.Equal([0, "It goes on and di".Length], document.Pages);
    }

    [Fact]
    public async Task Dots_that_lead_to_a_number_go_and_an_ellipsis_stays()
    {
        Document document = await ReadOneAsync(Pdf([(10, "The rest of it is left out...."), (10, "Removing . . . . . 12"), (10, "Name ............"), (10, "It ends.")]));
        Assert.Equal("The rest of it is left out....\nIt ends.", document.Text);
    }

    [Fact]
    public async Task A_page_may_end_with_a_line_of_brackets_alone()
    {
        Document document = await ReadOneAsync(Pdf([(10, "call(one,"), (10, ")")], [(10, "goes on here.")]));
        Assert.Equal("call(one,\n)\ngoes on here.", document.Text);
    }

    [Fact]
    public async Task A_broken_page_among_readable_ones_is_reported()
    {
        string whole = Encoding.Latin1.GetString(Pdf([(10, "One page.")], [(10, "Another page.")]));
        int filter = whole.IndexOf("/FlateDecode", StringComparison.Ordinal);
        Document document = await ReadOneAsync(Encoding.Latin1.GetBytes(whole[..filter] + "/FlateXecode" + whole[(filter + 12)..]));
        Assert.Equal("Another page.", document.Text);
        Assert.Equal("1 of the PDF's 2 pages are broken; the others were read.", document.Unread);
    }

    [Fact]
    public async Task Running_headers_page_numbers_and_tables_of_contents_are_dropped()
    {
        Document document = await ReadOneAsync(Pdf(
            [(10, "The Manual, page 1"), (10, "Chapter one . . . . . . . 2"), (10, "Alpha words."), (10, "- 1 -")],
            [(10, "2 The Manual, page"), (10, "Beta words."), (10, "2")],
            [(10, "The Manual, page 3"), (10, "Gamma words."), (10, "3"), (10, "..."), (10, "Delta."), (10, "Epsilon."), (10, "iii")]));
        Assert.Equal(
            ["Alpha words.", "Beta words.", "Gamma words.", "3", "...", "Delta.", "Epsilon."],
            document.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_page_without_text_is_a_scan() => Assert.Contains("OCR", await FailureAsync(Pdf([])));

    [Fact]
    public async Task A_password_is_named_as_the_reason()
    {
        string pdf = """
            %PDF-1.4
            1 0 obj
            <</Type/Catalog/Pages 2 0 R>>
            endobj
            2 0 obj
            <</Type/Pages/Kids[3 0 R]/Count 1>>
            endobj
            3 0 obj
            <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>
            endobj
            4 0 obj
            <</Filter/Standard/V 1/R 2/P -4/O<{0}>/U<{0}>>>
            endobj
            trailer
            <</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<{0}><{0}>]>>
            startxref
            0
            %%EOF
            """.ReplaceLineEndings("\n").Replace("{0}", string.Concat(Enumerable.Repeat("5A", 32)), StringComparison.Ordinal);
        Assert.Contains("password", await FailureAsync(Utf8(pdf)));
    }

    [Theory]
    [InlineData("<</Title(A)/First 11 0 R/Dest[100 0 R/Fit]>>", "<<>>")]
    [InlineData("<</Title(A)/First 12 0 R/Dest[100 0 R/Fit]>>", "<</Title(B)/First 11 0 R/Dest[100 0 R/Fit]>>")]
    [InlineData("<</Title(A)/Next 12 0 R/Dest[100 0 R/Fit]>>", "<</Title(B)/First 12 0 R/Next 11 0 R/Dest[100 0 R/Fit]>>")]
    public async Task The_pages_below_an_outline_without_end_are_read(string first, string second)
    {
        byte[] pdf = TinyPdf.Of(
            TinyPdf.Line(50, 700, "Oil the pump."), catalog: "/Outlines 10 0 R",
            more: [(10, "<</Type/Outlines/First 11 0 R>>"), (11, first), (12, second)]);
        Assert.Equal("Oil the pump.", (await ReadOneAsync(pdf)).Text);
    }

    private static byte[] Pdf(params (double Size, string Text)[][] pages)
    {
        using PdfDocumentBuilder builder = new();
        PdfDocumentBuilder.AddedFont font = builder.AddStandard14Font(Standard14Font.Helvetica);
        foreach ((double Size, string Text)[] lines in pages)
        {
            PdfPageBuilder page = builder.AddPage(PageSize.A4);
            double y = 800;
            foreach ((double size, string text) in lines)
            {
                y -= size == 0 ? 12 : size * 1.2;
                if (size > 0) page.AddText(text, size, new PdfPoint(50, y), font);
            }
        }

        return builder.Build();
    }
}
