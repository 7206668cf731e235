using System.Buffers.Binary;
using System.IO.Compression;

namespace GenQ.Data;

/// <summary>Unpacks a ".gz" file, and refuses one that is cut off: <see cref="GZipStream"/> takes any end for the end.</summary>
/// <remarks>
/// A file that by chance is cut behind bytes that look like the length of what it holds passes, the likelier the larger it is. <c>genq</c> has the
/// runtime's <c>System.IO.Compression.UseStrictValidation</c> on, which refuses that too; a library does not change it for the program that it is part of.
/// </remarks>
/// <param name="file">The packed file, to be read from its start.</param>
internal sealed class PackedFile(FileStream file) : GZipStream(file, CompressionMode.Decompress)
{
    private long _length;

    // A reader's calls lead to one of these two; CopyTo and ReadByte of a GZipStream would go past them.

    /// <inheritdoc/>
    /// <exception cref="GenQException">The file is cut off.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Counted(base.Read(buffer, offset, count), count);

    /// <inheritdoc/>
    /// <exception cref="GenQException">The file is cut off.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        => Counted(await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

    // The last four bytes of a whole file say how long the (last) text in it is, below 4 GiB.
    private int Counted(int read, int asked)
    {
        _length += read;
        if (read > 0 || asked == 0) return read;
        byte[] trailer = new byte[4];
        file.Seek(-Math.Min(4, file.Length), SeekOrigin.End);
        file.ReadAtLeast(trailer, 4, throwOnEndOfStream: false);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) > _length) throw new GenQException($"'{file.Name}' is cut off: fetch it again.");
        return 0;
    }
}
