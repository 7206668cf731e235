using System.Buffers.Binary;
using System.IO.Compression;

namespace GenQ.Data;

/// <summary>
/// Unpacks a ".gz" file, and refuses one that is cut off: <see cref="GZipStream"/> takes any end for the end. One that unfolds to far more than
/// texts do is refused, too. What stands behind the packed data is passed over, as gzip does.
/// </summary>
/// <remarks>
/// A file that by chance is cut behind bytes that look like the length of what it holds passes, the likelier the larger it is.
/// <c>genq</c> has the
/// runtime's <c>System.IO.Compression.UseStrictValidation</c> on, which refuses that too; a library does not change it for the program
/// that it is part of.
/// </remarks>
internal sealed class PackedFile : GZipStream
{
    private readonly FileStream _file;
    private readonly bool _isPacked;
    private long _length;

    /// <summary>Begins to unpack.</summary>
    /// <param name="file">The packed file, to be read from its start.</param>
    public PackedFile(FileStream file)
        : base(new ToTheEnd(file), CompressionMode.Decompress)
    {
        _file = file;
        Span<byte> magic = stackalloc byte[2];
        _isPacked = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) < 2 || magic is [0x1F, 0x8B];
        file.Position = 0;
    }

    // A reader's calls lead to one of these two; CopyTo and ReadByte of a GZipStream would go past them.

    /// <inheritdoc/>
    /// <exception cref="GenQException">The file is cut off, damaged, or not packed.</exception>
    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return Counted(base.Read(buffer, offset, count), count);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="GenQException">The file is cut off, damaged, or not packed.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return Counted(await base.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(e);
        }
    }

    // The last four bytes of a whole file say how long the (last) text in it is, below 4 GiB.
    private int Counted(int read, int asked)
    {
        _length += read;
        if (_length > Math.Max(InputLimits.UnpackedBytes, InputLimits.UnpackedRatio * _file.Length))
        {
            throw new GenQException(
                $"'{_file.Name}' unfolds to more than {InputLimits.UnpackedRatio} times its {_file.Length:N0} bytes, which no text does. Unpack it yourself if you trust it.");
        }

        // Who was done before the end of the file found the end of the packed data.
        if (read > 0 || asked == 0 || !((ToTheEnd)BaseStream).IsReached) return read;
        byte[] trailer = new byte[4];
        _file.Seek(-Math.Min(4, _file.Length), SeekOrigin.End);
        _file.ReadAtLeast(trailer, 4, throwOnEndOfStream: false);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) <= _length ? 0 : throw CutOff();
    }

    private GenQException Damaged(InvalidDataException cause)
    {
        if (!_isPacked)
        {
            return new GenQException(
                $"'{_file.Name}' cannot be read: it ends in .gz but is not packed by gzip. Rename it to what it is.", cause);
        }

        // Strict validation says "unexpected end" only when it asked for more.
        return ((ToTheEnd)BaseStream).IsReached
            ? CutOff(cause)
            : new GenQException($"'{_file.Name}' cannot be read: its packed data or their checksum are damaged. Fetch it again.", cause);
    }

    private GenQException CutOff(Exception? cause = null)
    {
        string message = $"'{_file.Name}' is cut off: fetch it again.";
        return cause is null ? new GenQException(message) : new GenQException(message, cause);
    }

    /// <summary>A file that knows whether somebody has read beyond its last byte.</summary>
    private sealed class ToTheEnd(FileStream file) : ReadOnlyStream(file)
    {
        private readonly FileStream _file = file;

        public bool IsReached { get; private set; }

        public override int Read(byte[] buffer, int offset, int count) => Noticed(_file.Read(buffer, offset, count), count);

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            => Noticed(await _file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false), buffer.Length);

        private int Noticed(int read, int asked)
        {
            IsReached |= read == 0 && asked > 0;
            return read;
        }
    }
}
