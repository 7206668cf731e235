using System.Text;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

/// <summary>What every reader keeps; each reader's tests inherit it.</summary>
public abstract class DocumentReaderConformanceTests
{
    private protected abstract IDocumentReader Reader { get; }

    /// <summary>A well-formed file with at least two headings or pages, where the format has them.</summary>
    private protected abstract byte[] Sample { get; }

    private protected static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private protected async Task<List<Document>> ReadAsync(byte[] bytes, string source = "sample")
    {
        using MemoryStream stream = new(bytes);
        return await Reader.ReadAsync(stream, source, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
    }

    private protected async Task<Document> ReadOneAsync(byte[] bytes) => Assert.Single(await ReadAsync(bytes));

    private protected async Task<string> FailureAsync(byte[] bytes) =>
        (await Assert.ThrowsAsync<GenQException>(() => ReadAsync(bytes))).Message;

    [Fact]
    public async Task The_same_input_gives_the_same_documents()
    {
        List<Document> first = await ReadAsync(Sample), second = await ReadAsync(Sample);
        Assert.NotEmpty(first);
        Assert.Equivalent(first, second, strict: true);
        Assert.Equal(first.Count, first.Select(d => d.Id).Distinct().Count());
        Assert.All(first, d => Assert.Equal("sample", d.Source));
        Assert.All(first, d => Assert.False(string.IsNullOrWhiteSpace(d.Text)));
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_is_read_and_left_open()
    {
        using MemoryStream bytes = new(Sample);
        using ForwardStream stream = new(bytes);
        List<Document> documents = await Reader.ReadAsync(stream, "sample", TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equivalent(await ReadAsync(Sample), documents, strict: true);
        Assert.True(bytes.CanRead);
    }

    [Fact]
    public async Task An_empty_stream_gives_nothing_or_a_clear_failure()
    {
        try
        {
            Assert.Empty(await ReadAsync([]));
        }
        catch (GenQException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }

    [Fact]
    public async Task A_cut_or_corrupted_file_gives_documents_or_a_clear_failure()
    {
        Random random = new(7);
        List<byte[]> broken = [.. Enumerable.Range(1, 12).Select(i => Sample[..(Sample.Length * i / 13)])];
        for (int i = 0; i < 20; i++)
        {
            byte[] bytes = [.. Sample];
            for (int k = 0; k <= i; k++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            broken.Add(bytes);
        }

        foreach (byte[] bytes in broken)
        {
            try
            {
                AssertConsistent(await ReadAsync(bytes));
            }
            catch (GenQException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }
    }

    [Fact]
    public async Task Cancellation_throws()
    {
        using MemoryStream stream = new(Sample);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Reader.ReadAsync(stream, "sample", new CancellationToken(canceled: true))
                .ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Sections_point_at_their_headings_and_pages_ascend() => AssertConsistent(await ReadAsync(Sample));

    [Fact]
    public void Extensions_are_lower_case_with_a_dot() => Assert.All(Reader.Extensions, e => Assert.Matches("^\\.[a-z0-9]+$", e));

    private static void AssertConsistent(List<Document> documents)
    {
        foreach (Document document in documents)
        {
            Assert.All(document.Sections, s => Assert.Equal(s.Heading, document.Text.Substring(s.Start, s.Heading.Length)));
            Assert.All(document.Sections, s => Assert.InRange(s.Level, 1, int.MaxValue));
            Assert.Equal(document.Sections.Select(s => s.Start).Order(), document.Sections.Select(s => s.Start));
            Assert.Equal(document.Pages.Order(), document.Pages);
            Assert.All(document.Pages, page => Assert.InRange(page, 0, document.Text.Length));
        }
    }

    private sealed class ForwardStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, Math.Min(count, 7));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
