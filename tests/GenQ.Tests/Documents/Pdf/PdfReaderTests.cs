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
    public async Task Dots_that_lead_to_a_value_stay_with_it()
    {
        string[] lines = ["Drinks", "Espresso ........ 2", "Tea with milk . . . . . 3", "Oil (litres) .......... 4.5", "Gap, cold ...... ......", "And so on...."];
        Assert.Equal(string.Join('\n', lines), (await ReadOneAsync(Pdf([.. lines.Select(line => (10.0, line))]))).Text);
    }

    [Fact]
    public async Task A_price_list_in_the_midst_of_a_book_is_no_table_of_contents()
    {
        Document document = await ReadOneAsync(Pdf(
            [(10, "First words.")], [(10, "Tea ........ 2"), (10, "Milk ........ 2"), (10, "Cake ........ 3")], [(10, "Last words.")]));
        Assert.Contains("Tea ........ 2\nMilk ........ 2\nCake ........ 3", document.Text);
    }

    [Fact]
    public async Task A_table_of_contents_is_known_by_its_heading_its_numbering_or_the_headings_it_lists()
    {
        (double, string)[] text = [(10, "Oiling"), (10, "Oil it."), (10, "Cleaning"), (10, "Clean it.")];
        (double, string)[][] tables =
        [
            [(10, "Contents"), (10, "Use ........ 12"), (10, "Care ........ 17")],
            [(10, "Overview"), (10, "1.1 Use ........ 1"), (10, "1.2 Care ........ 2")],
            [(10, "Overview"), (10, "Oiling ........ 112"), (10, "Cleaning . . . . . . 113")],
        ];
        foreach ((double, string)[] table in tables)
        {
            Document document = await ReadOneAsync(Pdf(table, text));
            Assert.Equal($"{table[0].Item2}\nOiling\nOil it.\nCleaning\nClean it.", document.Text.Replace("\n\n", "\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task An_index_is_no_text()
    {
        Document document = await ReadOneAsync(Pdf([(10, "Concept Index"), (10, "Bolt . . . . . . 9"), (10, "Oil . . . . . . 4"), (10, "Pump . . . . . . 7")]));
        Assert.Equal("Concept Index", document.Text);
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

    [Theory]
    [InlineData("00AD")]
    [InlineData("002D")]
    [InlineData("2010")]
    [InlineData("2011")]
    [InlineData("2013")]
    public async Task Words_divided_by_any_hyphen_are_joined_and_part_numbers_stay(string hyphen)
    {
        string[] lines = ["the con-", "trol lamp of 01-2301-X", "from 1998-", "2004 and no 7-", "b of Berlin-", "Paris"];
        string dash = hyphen == "2013" ? "–" : "-";
        Assert.Equal(
            $"the control lamp of 01{dash}2301{dash}X\nfrom 1998{dash}\n2004 and no 7{dash}\nb of Berlin{dash}\nParis",
            (await ReadOneAsync(WithHyphen(hyphen, lines))).Text);
    }

    [Fact]
    public async Task A_dash_at_a_line_end_between_two_words_of_the_text_stays() => Assert.Equal(
        "The input is wired. The output is not.\nThe input–output card.",
        (await ReadOneAsync(WithHyphen("2013", "The input is wired. The output is not.", "The input-", "output card."))).Text);

    [Fact]
    public async Task Lines_that_differ_in_their_numbers_are_no_decoration()
    {
        string[] text = [.. Enumerable.Range(1, 4).SelectMany(i => new[] { $"Motor M{i}00", $"Voltage {12 * i} V", $"Exercise {i}" })];
        byte[] pdf = Pdf([.. text.Chunk(3).Select(page => page.Select(line => (10.0, line)).ToArray())]);
        Assert.Equal(text, Lines(await ReadOneAsync(pdf)));
    }

    [Fact]
    public async Task A_line_in_the_same_place_of_most_pages_is_kept_once()
    {
        string[] steps = ["Rinse it.", "Dry it.", "Oil it.", "Fit it."];
        byte[] pdf = Pdf([.. steps.Select(step => new[] { (10.0, "Work step"), (10.0, step), (10.0, "Wear gloves.") })]);
        Assert.Equal(["Work step", "Rinse it.", "Wear gloves.", "Dry it.", "Oil it.", "Fit it."], Lines(await ReadOneAsync(pdf)));
    }

    [Fact]
    public async Task A_line_that_stands_elsewhere_on_each_page_is_text()
    {
        byte[] pdf = TinyPdf.OfPages([.. Enumerable.Range(1, 4).Select(i =>
            TinyPdf.Line(50, 800, $"Step {(char)('a' + i)}") + TinyPdf.Line(50, 780 - (20 * i), "Check the oil.") + TinyPdf.Line(50, 400, "Go on."))]);
        Assert.Equal(4, Lines(await ReadOneAsync(pdf)).Count(line => line == "Check the oil."));
    }

    [Fact]
    public async Task A_running_header_that_counts_is_dropped_where_space_sets_it_apart()
    {
        byte[] pdf = TinyPdf.OfPages([.. Enumerable.Range(1, 4).Select(i =>
            TinyPdf.Line(50, 810, $"The Manual {i + 16}") + TinyPdf.Line(50, 760, $"Text {(char)('a' + i)}.") + TinyPdf.Line(50, 746, $"More {(char)('a' + i)}.")
            + TinyPdf.Line(300, 30, $"{i + 16}"))]);
        Assert.Equal(["The Manual 17", "Text b.", "More b.", "Text c.", "More c.", "Text d.", "More d.", "Text e.", "More e."], Lines(await ReadOneAsync(pdf)));
    }

    [Fact]
    public async Task Numbers_and_short_words_alone_on_a_line_are_text()
    {
        Document document = await ReadOneAsync(Pdf([(10, "1984"), (10, "It was built."), (10, "civil")], [(10, "42"), (10, "It is the answer."), (10, "7")]));
        Assert.Equal(["1984", "It was built.", "civil", "42", "It is the answer.", "7"], Lines(document));
    }

    [Theory]
    [InlineData(0.3, 0)]
    [InlineData(1, -1)]
    [InlineData(0, 0.5)]
    [InlineData(2.5, 0)]
    public async Task Words_drawn_twice_to_look_bold_are_read_once(double x, double y)
    {
        string bold = TinyPdf.Line(60, 780, "Hello all, see bill", 12) + TinyPdf.Line(60 + x, 780 + y, "Hello all, see bill", 12);
        Assert.Equal("Hello all, see bill\nGo on.", (await ReadOneAsync(TinyPdf.Of(bold + TinyPdf.Line(60, 764, "Go on.", 12)))).Text);
    }

    [Fact]
    public async Task Letters_drawn_twice_one_by_one_are_read_once_and_double_letters_stay()
    {
        string letters = "";
        double x = 60;
        foreach (char c in "Ball")
        {
            letters += TinyPdf.Line(x, 780, $"{c}", 12) + TinyPdf.Line(x + 0.4, 780, $"{c}", 12);
            x += c switch { 'B' => 8.0, 'a' => 6.67, _ => 2.67 };
        }

        Assert.Equal("Ball", (await ReadOneAsync(TinyPdf.Of(letters))).Text);
    }

    [Fact]
    public async Task Pages_of_pictures_among_pages_of_text_are_told()
    {
        const string picture = "q 500 0 0 700 50 50 cm /I Do Q\n";
        byte[] pdf = TinyPdf.OfPages(
            [TinyPdf.Line(50, 700, "A lease."), picture, picture + TinyPdf.Line(50, 20, "page 3"), "", picture],
            resources: "/XObject<</I 10 0 R>>", more: (10, Picture));
        Document document = await ReadOneAsync(pdf);
        Assert.Equal("A lease.", document.Text);
        Assert.Equal("3 of 5 pages hold no text: they may be scans; read them with OCR.", document.Unread);
    }

    [Fact]
    public async Task A_stamp_on_every_page_of_a_scan_is_no_text()
    {
        byte[] pdf = TinyPdf.OfPages(
            [.. Enumerable.Repeat("q 500 0 0 700 50 50 cm /I Do Q\n" + TinyPdf.Line(50, 20, "Scanned by the archive"), 4)],
            resources: "/XObject<</I 10 0 R>>", more: (10, Picture));
        Assert.Contains("OCR", await FailureAsync(pdf));
    }

    [Fact]
    public async Task Values_of_forms_stand_behind_their_labels_and_remarks_below_the_text()
    {
        byte[] pdf = TinyPdf.Of(
            TinyPdf.Line(60, 760, "Order") + TinyPdf.Line(60, 740, "Job:") + TinyPdf.Line(60, 720, "Part:") + TinyPdf.Line(60, 700, "End."),
            page: "/Annots[10 0 R 12 0 R 13 0 R 14 0 R 15 0 R]", catalog: "/AcroForm<</Fields[10 0 R 11 0 R]>>", more:
            [
                (10, "<</Subtype/Widget/FT/Tx/T(a)/V(Replace the seal)/Rect[150 736 450 752]/F 4>>"),
                (11, "<</FT/Ch/T(b)/V<FEFF00D60072>/Kids[12 0 R]>>"),
                (12, "<</Subtype/Widget/Parent 11 0 R/Rect[150 716 450 732]/F 4>>"),
                (13, "<</Subtype/FreeText/Contents(use grease B)/Rect[60 600 300 620]/F 4>>"),
                (14, "<</Subtype/Widget/FT/Tx/T(c)/V(hidden)/Rect[150 716 450 732]/F 2>>"),
                (15, "<</Subtype/Widget/FT/Tx/T(d)/Parent 15 0 R/Rect[150 616 450 632]/F 4>>"),
            ]);
        Assert.Equal("Order\nJob: Replace the seal\nPart: Ör\nEnd.\n\nuse grease B", (await ReadOneAsync(pdf)).Text);
    }

    [Theory]
    [InlineData("/NeedsRendering true", "Please wait...")]
    [InlineData("/NeedsRendering true", "Bitte warten...")]
    [InlineData("", "Please wait...")]
    public async Task A_form_of_another_format_is_told(string entry, string note)
    {
        byte[] pdf = TinyPdf.Of(TinyPdf.Line(50, 700, note), catalog: $"/AcroForm<</Fields[]/XFA 10 0 R>>{entry}", more: (10, TinyPdf.Stream("<xdp/>")));
        Assert.Contains("XFA", await FailureAsync(pdf));
    }

    [Fact]
    public async Task A_form_that_has_its_pages_beside_another_format_is_read()
    {
        byte[] pdf = TinyPdf.Of(TinyPdf.Line(50, 700, "Order"), catalog: "/AcroForm<</Fields[]/XFA 10 0 R>>", more: (10, TinyPdf.Stream("<xdp/>")));
        Assert.Equal("Order", (await ReadOneAsync(pdf)).Text);
    }

    [Fact]
    public async Task Letters_whose_font_tells_no_characters_are_left_out_and_told()
    {
        byte[] pdf = TinyPdf.Of(
            TinyPdf.Line(50, 700, "Filling") + "BT /F10 11 Tf 50 680 Td <00370048005B0057004C0051> Tj ET", more: Glyphs());
        Document document = await ReadOneAsync(pdf);
        Assert.Equal("Filling", document.Text);
        Assert.Equal("6 of 13 letters were left out: their fonts do not tell which characters they are.", document.Unread);
        Assert.Contains("fonts", await FailureAsync(TinyPdf.Of("BT /F10 11 Tf 50 680 Td <00370048005B0057004C0051> Tj ET", more: Glyphs())));
    }

    [Fact]
    public async Task Private_characters_are_the_letters_they_stand_for_or_are_told()
    {
        byte[] letters = TinyPdf.Of("BT /F10 11 Tf 50 680 Td <F754F768F765F762F761F772> Tj ET", more: Glyphs("F754 F768 F765 F762 F761 F772"));
        Assert.Equal("Thebar", (await ReadOneAsync(letters)).Text);
        byte[] signs = TinyPdf.Of(
            TinyPdf.Line(50, 700, "Words.") + "BT /F10 11 Tf 50 680 Td <E001E002E003E004> Tj ET", more: Glyphs("E001 E002 E003 E004"));
        Document document = await ReadOneAsync(signs);
        Assert.Equal("Words.", document.Text);
        Assert.StartsWith("4 of 10 letters", document.Unread);
    }

    [Fact]
    public async Task A_bullet_of_a_private_font_is_nothing_to_tell()
    {
        byte[] pdf = TinyPdf.Of("BT /F10 11 Tf 50 700 Td <F0B7> Tj ET\n" + TinyPdf.Line(70, 700, "Oil it."), more: Glyphs("F0B7"));
        Document document = await ReadOneAsync(pdf);
        Assert.Equal("Oil it.", document.Text);
        Assert.Null(document.Unread);
    }

    private static readonly string[] Left = ["The left column tells how", "the pump is primed: fill it", "with clean water and close", "the vent when it runs over."];

    private static readonly string[] Right = ["The right column tells how", "the motor is wired: connect", "the blue lead to N and the", "brown one to L1 of the box."];

    [Fact]
    public async Task Columns_drawn_row_by_row_are_read_one_after_the_other()
    {
        string[] third = ["A third column tells what", "else may be done when all", "that was written here has", "not helped to run it."];
        string rows = TinyPdf.Line(60, 800, "A heading that goes over all columns of the page");
        for (int i = 0; i < 4; i++)
        {
            double y = 780 - (14 * i);
            rows += TinyPdf.Line(60, y, Left[i], 10) + TinyPdf.Line(220, y, Right[i], 10) + TinyPdf.Line(380, y, third[i], 10);
        }

        string[] read = Lines(await ReadOneAsync(TinyPdf.Of(rows)));
        Assert.Equal(["A heading that goes over all columns of the page", .. Left, .. Right, .. third], read);
    }

    [Fact]
    public async Task Rows_of_a_table_stay_rows()
    {
        string[][] cells =
        [
            ["Every hundred hours of work", "Change the oil of the motor"], ["Every thousand hours of work", "Change the belt of the pump"],
            ["Every year in the spring", "Clean the filter and the tank"], ["Every second year at least", "Call our service for a check"],
        ];
        string rows = string.Concat(cells.Select((row, i) => TinyPdf.Line(60, 780 - (14 * i), row[0]) + TinyPdf.Line(320, 780 - (14 * i), row[1])));
        Assert.Equal(cells.Select(row => string.Join(' ', row)), Lines(await ReadOneAsync(TinyPdf.Of(rows))));
    }

    [Fact]
    public async Task Lines_drawn_from_the_bottom_up_are_read_from_the_top()
    {
        string up = string.Concat(Left.Select((line, i) => TinyPdf.Line(60, 780 - (14 * i), line)).Reverse());
        Assert.Equal(Left, Lines(await ReadOneAsync(TinyPdf.Of(up))));
        string columns = string.Concat(Left.Zip(Right).SelectMany((row, i) =>
            new[] { TinyPdf.Line(60, 780 - (14 * i), row.First), TinyPdf.Line(320, 780 - (14 * i), row.Second) }).Reverse());
        string[] read = Lines(await ReadOneAsync(TinyPdf.Of(columns)));
        Assert.Equal([.. Left, .. Right], read);
    }

    [Fact]
    public async Task Words_drawn_after_the_rest_of_the_page_stand_in_their_line()
    {
        string page = TinyPdf.Line(60, 780, "Press the", 10) + TinyPdf.Line(150, 780, "for two seconds, then let go of the", 10)
            + TinyPdf.Line(60, 766, "and wait.", 10) + TinyPdf.Line(106, 780, "red key", 10) + TinyPdf.Line(310, 780, "lever", 10);
        Assert.Equal(["Press the red key for two seconds, then let go of the lever", "and wait."], Lines(await ReadOneAsync(TinyPdf.Of(page))));
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(-0.7)]
    [InlineData(1)]
    [InlineData(-2)]
    [InlineData(30)]
    [InlineData(-45)]
    [InlineData(90)]
    public async Task Lines_that_lie_askew_are_whole(double degrees)
    {
        (double sin, double cos) = Math.SinCos(degrees * Math.PI / 180);
        string[] lines = ["This long line was recognised by a program and lies a little askew", "and the second one goes on in the same manner until its end."];
        string page = string.Concat(lines.Select((line, i) => FormattableString.Invariant(
            $"BT /F1 10 Tf {cos:F5} {sin:F5} {-sin:F5} {cos:F5} {200 + (14 * i * sin):F3} {400 - (14 * i * cos):F3} Tm ({line}) Tj ET\n")));
        Assert.Equal(lines, Lines(await ReadOneAsync(TinyPdf.Of(page))));
    }

    [Fact]
    public async Task Words_set_level_along_a_tilted_line_are_one_line()
    {
        string[] words = [.. Enumerable.Range(0, 30).Select(i => $"{(char)('a' + (i % 26))}word")];
        string page = string.Concat(words.Select((word, i) => TinyPdf.Line(60 + (16 * i), 700 + (0.5 * i), word, 5)));
        Assert.Equal([string.Join(' ', words)], Lines(await ReadOneAsync(TinyPdf.Of(page))));
    }

    [Fact]
    public async Task A_watermark_parts_no_sentence_and_is_kept_once()
    {
        const string mark = "BT /F1 40 Tf 0.8660 0.5 -0.5 0.8660 150 300 Tm (DRAFT) Tj ET\n";
        byte[] pdf = TinyPdf.OfPages([.. Left.Select(line => TinyPdf.Line(60, 780, line) + mark + TinyPdf.Line(60, 766, $"and {line.Length}."))]);
        string[] read = Lines(await ReadOneAsync(pdf));
        Assert.Equal([Left[0], $"and {Left[0].Length}.", "DRAFT", .. Left[1..].SelectMany(line => new[] { line, $"and {line.Length}." })], read);
    }

    private static string[] Lines(Document document) => document.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private const string Picture = "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>\nstream\nA\nendstream";

    // Lines in a font whose hyphen is this character.
    private static byte[] WithHyphen(string hyphen, params string[] lines)
    {
        string codes = string.Concat(lines.Select(line => $"<{string.Concat(line.Select(c => $"{(int)c:X4}"))}> Tj T*\n"));
        string map = string.Join(' ', Enumerable.Range(0x20, 0x5F).Select(c => c == '-' ? $"002D:{hyphen}" : $"{c:X4}"));
        return TinyPdf.Of($"BT /F10 11 Tf 14 TL 60 780 Td\n{codes}ET", more: Glyphs(map));
    }

    // A font of glyphs by number, with a table of their characters where there is one: "glyph" or "glyph:character".
    private static (int, string)[] Glyphs(string? characters = null)
    {
        string table = characters is null ? "" : "/ToUnicode 13 0 R";
        string[] entries = [.. (characters ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(entry => $"<{entry[..4]}> <{entry[^4..]}>")];
        return
        [
            (10, $"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Sans/Encoding/Identity-H/DescendantFonts[11 0 R]{table}>>"),
            (11, "<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Sans/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
                + "/FontDescriptor 12 0 R/DW 550/CIDToGIDMap/Identity>>"),
            (12, "<</Type/FontDescriptor/FontName/ABCDEF+Sans/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200/CapHeight 700/StemV 80>>"),
            (13, TinyPdf.Stream(
                "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
                + $"{entries.Length} beginbfchar\n{string.Join('\n', entries)}\nendbfchar\nendcmap\nend\nend")),
        ];
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
