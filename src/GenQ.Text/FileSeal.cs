using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace GenQ.Text;

/// <summary>The last eight bytes of GenQ's binary files: the XxHash3 of all before, little-endian. A byte that has changed since is noticed.</summary>
internal static class FileSeal
{
    /// <summary>Bytes of a seal.</summary>
    public const int Length = sizeof(ulong);

    /// <summary>Files of up to so many bytes are checked whenever they are opened: they are read in less time than a first answer takes.</summary>
    public const long MostCheckedWhenOpened = 256L << 20;

    private const int Part = 1 << 20;

    /// <summary>Seals what was written.</summary>
    /// <param name="file">At its end, readable from its beginning.</param>
    public static void Write(Stream file)
    {
        byte[] seal = new byte[Length];
        BinaryPrimitives.WriteUInt64LittleEndian(seal, HashOf(file, file.Position));
        file.Write(seal);
    }

    /// <summary>Whether the file is what was sealed.</summary>
    /// <param name="file">The whole file, at any place.</param>
    public static bool IsUnbroken(Stream file)
    {
        if (file.Length < Length) return false;
        ulong hash = HashOf(file, file.Length - Length);
        Span<byte> seal = stackalloc byte[Length];
        file.ReadExactly(seal);
        return hash == BinaryPrimitives.ReadUInt64LittleEndian(seal);
    }

    // Leaves the file behind what was read.
    private static ulong HashOf(Stream file, long length)
    {
        XxHash3 hash = new();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Part);
        file.Position = 0;
        for (long left = length; left > 0;)
        {
            int read = (int)Math.Min(left, buffer.Length);
            file.ReadExactly(buffer, 0, read);
            hash.Append(buffer.AsSpan(0, read));
            left -= read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return hash.GetCurrentHashAsUInt64();
    }
}
