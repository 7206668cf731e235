using GenQ.Data;
using GenQ.PdfWorker;

namespace GenQ.Tests.PdfWorker;

public sealed class PdfMessagesTests
{
    [Fact]
    public void A_request_comes_as_it_was_sent()
    {
        using MemoryStream pipe = new();
        PdfMessages.WriteRequest(pipe, "über/a.pdf", [1, 2, 3]);
        pipe.Position = 0;
        (string source, byte[] file) = PdfMessages.ReadRequest(pipe);
        Assert.Equal(("über/a.pdf", "1 2 3"), (source, string.Join(' ', file)));
        Assert.Throws<EndOfStreamException>(() => PdfMessages.ReadRequest(pipe));
    }

    [Fact]
    public void A_document_comes_as_it_was_sent()
    {
        Document[] documents =
        [
            new("a.pdf", "One.\n\nTwo – größer.", "A title", "b.pdf", [new Section(0, 1, "One."), new Section(6, 2, "Two")], [0, 4]) { Unread = "All." },
            new("c.pdf", "Words.", null, "c.pdf"),
        ];
        foreach (Document document in documents)
        {
            using MemoryStream pipe = new();
            PdfMessages.WriteAnswer(pipe, document);
            pipe.Position = 0;
            Assert.Equivalent(document, PdfMessages.ReadAnswer(pipe).Document, strict: true);
            Assert.Equal(pipe.Length, pipe.Position);
        }
    }

    [Fact]
    public void A_reason_comes_as_it_was_sent()
    {
        using MemoryStream pipe = new();
        PdfMessages.WriteAnswer(pipe, null, "It is broken.");
        pipe.Position = 0;
        Assert.Equal((null, "It is broken."), PdfMessages.ReadAnswer(pipe));
    }
}
