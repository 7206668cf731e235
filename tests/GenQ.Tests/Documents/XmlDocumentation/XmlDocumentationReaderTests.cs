using System.Text;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class XmlDocumentationReaderTests : DocumentReaderConformanceTests
{
    private protected override IDocumentReader Reader { get; } = new XmlDocumentationReader();

    private protected override byte[] Sample => Utf8("""
        <?xml version="1.0"?>
        <doc><assembly><name>Shop</name></assembly><members>
          <member name="T:Shop.Basket`1"><summary>Holds what is bought.</summary><typeparam name="TItem">The goods.</typeparam></member>
          <member name="M:Shop.Basket`1.Add``1(`0,System.Collections.Generic.IList{``0},System.Int32@)">
            <summary>Adds <paramref name="item"/> to a <see cref="T:Shop.Basket`1"/>;
              see <see cref="M:Shop.Till.Pay(System.Int32)"/>.</summary>
            <typeparam name="TOther">Another type.</typeparam>
            <param name="item">What is added,
              or <see langword="null"/>.</param>
            <returns>The number of items.</returns>
            <exception cref="T:System.InvalidOperationException">The basket is full.</exception>
            <remarks><para>First.</para><para>Second.</para><code>
        basket.Add(apple);
          basket.Add(pear);
        </code></remarks>
          </member>
          <member name="M:Shop.Basket`1.#ctor(System.String)"><summary>Creates one.</summary></member>
          <member name="P:Shop.Basket`1.System#Collections#Generic#ICollection{TItem}#Count"><summary>Counts.</summary></member>
          <member name="T:Shop.Basket`1.Slot`1"><summary>Nested.</summary><typeparam name="TSize">Its size.</typeparam></member>
          <member name="F:Shop.Basket`1.Slot`1.Size"><summary>Measures.</summary></member>
          <member name="F:Shop.Basket`1.Silent"><inheritdoc/></member>
        </members></doc>
        """);

    [Fact]
    public async Task Each_member_with_words_is_one_document()
    {
        List<Document> documents = await ReadAsync(Sample);
        Assert.Equal(
            [
                "Basket<TItem> type",
                "Basket<TItem>.Add<TOther>(TItem, IList<TOther>, Int32) method",
                "Basket<TItem>(String) constructor",
                "Basket<TItem>.ICollection<TItem>.Count property",
                "Basket<TItem>.Slot<TSize> type",
                "Basket<TItem>.Slot<TSize>.Size field",
            ],
            documents.Select(d => d.Title));
        Assert.Equal("sample#T:Shop.Basket`1", documents[0].Id);
    }

    [Fact]
    public async Task A_member_is_told_in_words()
    {
        Document add = (await ReadAsync(Sample))[1];
        Assert.Equal(
            """
            Add<TOther> method of Shop.Basket.

            Adds item to a Basket<T>; see Till.Pay.

            Type parameter TOther: Another type.

            Parameter item: What is added, or null.

            Returns: The number of items.

            Throws InvalidOperationException: The basket is full.

            Remarks:

            First.

            Second.

            basket.Add(apple);
              basket.Add(pear);
            """.ReplaceLineEndings("\n"),
            add.Text);
    }

    [Theory]
    [InlineData("""<summary>Does.</summary><exception cref="T:System.TimeoutException"/>""", "Does.\n\nThrows TimeoutException.")]
    [InlineData("""<exception cref="T:System.TimeoutException"> </exception><exception/>""", "Throws TimeoutException.")]
    [InlineData("""<permission cref="T:X.FilePermission">Reads.</permission><permission cref="T:X.NetPermission"/>""",
        "Permission FilePermission: Reads.\n\nPermission NetPermission.")]
    [InlineData("<overloads><summary>Several ways.</summary><remarks>Two.</remarks></overloads><summary>One way.</summary>",
        "One way.\n\nOverloads:\n\nSeveral ways.\n\nTwo.")]
    [InlineData("<overloads>Several ways.</overloads>", "Overloads: Several ways.")]
    [InlineData("<summary>Does.</summary><list><item><term>7</term><description>Stuck</description></item><item>b</item></list>",
        "Does.\n\n7 Stuck\nb")]
    [InlineData("Straight <see cref=\"T:X.Gate\"/> text\n<c>code</c>.<remarks>More.</remarks>", "Straight Gate text code.\n\nRemarks: More.")]
    [InlineData("<summary>Does.</summary><threadsafety static=\"true\"/><seealso cref=\"T:X.Y\"/><platforms>Linux only.</platforms>", "Does.\n\nLinux only.")]
    [InlineData("<summary>10<sup>6</sup> turns, the 1<sup>st</sup> of H<sub>2</sub>O</summary>", "10^6 turns, the 1st of H2O")]
    [InlineData("<summary>A\u0001 <b>&#x1B;[0m</b> code.</summary>", "A [0m code.")]
    public async Task All_words_of_a_member_are_read(string member, string words)
    {
        Document document = await ReadOneAsync(Utf8($"<doc><members><member name=\"T:A.B\">{member}</member></members></doc>"));
        Assert.Equal("B type in A.\n\n" + words, document.Text);
    }

    [Theory]
    [InlineData("<inheritdoc/>")]
    [InlineData("<seealso cref=\"T:X.Y\"/><summary> </summary><exception/><returns/>")]
    public async Task A_member_without_words_is_no_document(string member) =>
        Assert.Empty(await ReadAsync(Utf8($"<doc><members><member name=\"T:A.B\">{member}</member></members></doc>")));

    [Theory]
    [InlineData("windows-1251", "Класс открывает заслонку.")]
    [InlineData("gb2312", "打开阀门的方法。")]
    [InlineData("shift_jis", "弁を開く方法。")]
    [InlineData("iso-2022-jp", "弁を開く方法。")]
    [InlineData("iso-8859-2", "Zamyka zawór główny.")]
    public async Task The_encoding_that_the_declaration_names_is_heeded(string name, string words)
    {
        Encoding encoding = CodePagesEncodingProvider.Instance.GetEncoding(name)!;
        string xml = $"<?xml version='1.0' encoding='{name}'?>\n<doc><members><member name=\"T:A.B\"><summary>{words}</summary></member></members></doc>";
        Assert.Contains(words, (await ReadOneAsync(encoding.GetBytes(xml))).Text, StringComparison.Ordinal);
        // Who rewrote the file as UTF-8 may have left the declaration.
        Assert.Contains(words, (await ReadOneAsync(Utf8(xml))).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<summary>Un&nbsp;known.</summary></member>", "Line 3, position ")]
    [InlineData("<summary>Open <b>tag.</summary></member>", "Line 3, position ")]
    [InlineData("<summary>Never closed.", "")]
    [InlineData("<summary>a < b</summary></member>", "Line 3, position ")]
    public async Task A_break_costs_its_own_member_and_is_told(string broken, string place)
    {
        string file = $"""
            <doc><members>
            <member name="T:A.First"><summary>First.</summary></member>
            <member name="T:A.Broken">{broken}
            <member name="T:A.Third"><summary>Third.</summary></member>
            <member name="T:A.Fourth"><summary>Fourth.</summary></member>
            </members></doc>
            """;
        List<Document> documents = await ReadAsync(Utf8(file));
        Assert.Contains("First type", documents.Select(d => d.Title));
        Assert.Contains("Fourth type", documents.Select(d => d.Title));
        Assert.DoesNotContain("Broken type", documents.Select(d => d.Title));
        Assert.All(documents[..^1], document => Assert.Null(document.Unread));
        Assert.Contains("The XML is broken", documents[^1].Unread, StringComparison.Ordinal);
        Assert.Contains(place, documents[^1].Unread, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_XML_is_refused_by_its_root() =>
        Assert.Contains("root is <project>", await FailureAsync(Utf8("<!DOCTYPE project><project><members/></project>")));

    [Fact]
    public async Task Nesting_without_end_is_a_clear_failure()
    {
        // So deep that a recursion over it would end the process.
        const int depth = 300_000;
        string deep = string.Concat(Enumerable.Repeat("<b>", depth)) + "x" + string.Concat(Enumerable.Repeat("</b>", depth));
        string file = $"<doc><members><member name=\"T:A.B\"><summary>{deep}</summary></member></members></doc>";
        Assert.Contains("deeper than 100", await FailureAsync(Utf8(file)));
    }
}
