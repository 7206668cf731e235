using System.Text;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class PlainTextReaderTests : DocumentReaderConformanceTests
{
    private const string Words = "Grüße aus Köln: 5 € für „alles“.\nZweite Zeile.";

    private protected override IDocumentReader Reader { get; } = new PlainTextReader();

    private protected override byte[] Sample => Utf8(Words);

    public static TheoryData<string> Encodings => ["utf-8", "utf-16", "utf-16BE", "utf-32", "utf-32BE"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_byte_order_mark_names_the_encoding(string name)
    {
        Encoding encoding = Encoding.GetEncoding(name);
        Assert.Equal(Words, (await ReadOneAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(Words)])).Text);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task UTF_16_is_known_without_a_mark(string name) =>
        Assert.Equal("Plain words.", (await ReadOneAsync(Encoding.GetEncoding(name).GetBytes("Plain words."))).Text);

    [Fact]
    public async Task What_is_no_UTF_8_is_read_as_Latin_1_and_Windows_1252() =>
        Assert.Equal("Köln “5 €”", (await ReadOneAsync([0x4B, 0xF6, 0x6C, 0x6E, 0x20, 0x93, 0x35, 0x20, 0x80, 0x94])).Text);

    [Fact]
    public async Task A_slip_does_not_make_another_encoding_of_UTF_8() => Assert.Equal(
        "für größere Höfe, übermäßig schön – \uFFFD",
        (await ReadOneAsync([.. Utf8("für größere Höfe, übermäßig schön – "), 0x96])).Text);

    [Fact]
    public async Task Line_ends_become_one_kind_and_soft_hyphens_go() =>
        Assert.Equal("one\ntwo\n\nthree", (await ReadOneAsync(Utf8("one  \r\nt\u00ADwo\r\fthree\r\n\r\n"))).Text);

    [Fact]
    public async Task A_binary_file_is_refused() =>
        Assert.Contains("binary", await FailureAsync([0x89, 0x50, 0x4E, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 1, 0, 0, 0, 0, 9, 0, 0, 7]));

    [Fact]
    public async Task White_space_alone_gives_no_document() => Assert.Empty(await ReadAsync(Utf8(" \n\t\r\n ")));
}
