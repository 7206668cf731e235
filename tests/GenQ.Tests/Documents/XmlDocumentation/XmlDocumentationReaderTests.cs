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
