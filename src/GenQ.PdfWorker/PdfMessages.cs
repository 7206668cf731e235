using System.Text;
using GenQ.Data;

namespace GenQ.PdfWorker;

/// <summary>
/// What a program and the process that reads its PDFs say to each other: a request is the source and the bytes of a file, an
/// answer its document or the reason why there is none. Numbers are little-endian, texts UTF-8 behind their length.
/// </summary>
internal static class PdfMessages
{
    /// <summary>The first byte the process writes: it has started.</summary>
    public const byte Ready = 0x50;

    /// <summary>Writes a file that is to be read.</summary>
    /// <exception cref="IOException">The other side has ended.</exception>
    public static void WriteRequest(Stream stream, string source, ReadOnlySpan<byte> file)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(source);
        writer.Write(file.Length);
        writer.Write(file);
        writer.Flush();
    }

    /// <summary>Reads a request.</summary>
    /// <exception cref="EndOfStreamException">The other side has ended.</exception>
    public static (string Source, byte[] File) ReadRequest(Stream stream)
    {
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        string source = reader.ReadString();
        byte[] file = new byte[reader.ReadInt32()];
        reader.ReadExactly(file);
        return (source, file);
    }

    /// <summary>Writes a document, or the reason why there is none.</summary>
    public static void WriteAnswer(Stream stream, Document? document, string reason = "")
    {
        using MemoryStream message = new();
        using BinaryWriter writer = new(message, Encoding.UTF8);
        writer.Write(document is not null);
        if (document is null) writer.Write(reason);
        else Write(writer, document);
        writer.Flush();
        stream.Write(message.GetBuffer().AsSpan(0, (int)message.Length));
        stream.Flush();
    }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="EndOfStreamException">The other side has ended.</exception>
    public static (Document? Document, string Reason) ReadAnswer(Stream stream)
    {
        using BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);
        return reader.ReadBoolean() ? (ReadDocument(reader), "") : (null, reader.ReadString());
    }

    private static void Write(BinaryWriter writer, Document document)
    {
        writer.Write(document.Id);
        writer.Write(document.Text);
        writer.Write(document.Title is not null);
        writer.Write(document.Title ?? "");
        writer.Write(document.Source);
        writer.Write(document.Sections.Count);
        foreach (Section section in document.Sections)
        {
            writer.Write(section.Start);
            writer.Write(section.Level);
            writer.Write(section.Heading);
        }

        writer.Write(document.Pages.Count);
        foreach (int page in document.Pages) writer.Write(page);
        writer.Write(document.Unread is not null);
        writer.Write(document.Unread ?? "");
    }

    private static Document ReadDocument(BinaryReader reader)
    {
        string id = reader.ReadString(), text = reader.ReadString();
        string? title = OptionalText();
        string source = reader.ReadString();
        Section[] sections = new Section[reader.ReadInt32()];
        for (int i = 0; i < sections.Length; i++) sections[i] = new Section(reader.ReadInt32(), reader.ReadInt32(), reader.ReadString());
        int[] pages = new int[reader.ReadInt32()];
        for (int i = 0; i < pages.Length; i++) pages[i] = reader.ReadInt32();
        return new Document(id, text, title, source, sections, pages) { Unread = OptionalText() };

        string? OptionalText()
        {
            bool isThere = reader.ReadBoolean();
            string text = reader.ReadString();
            return isThere ? text : null;
        }
    }
}
