using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace GenQ.Data;

/// <summary>
/// Files of Linux whose names are no UTF-8, which .NET neither names nor opens. In a path each such byte b stands as the lone surrogate U+DC00 + b, which no
/// other name has; PEP 383 does the same.
/// </summary>
internal static partial class RawPath
{
    // Of Linux: no program that is started meanwhile gets the file.
    private const int CloseInChildren = 0x80000;

    private const char FirstByte = '\uDC80', LastByte = '\uDCFF';

    // Where the name begins in the directory entries of glibc and musl.
    private const int NameOffset = 19;

    /// <summary>Whether the path has bytes that are no UTF-8.</summary>
    public static bool IsRaw(string path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            if (ByteAt(path, i) is not null) return true;
        }

        return false;
    }

    /// <summary>The byte that a sign of a path stands for; <see langword="null"/> where it stands for itself, as halves of pairs do.</summary>
    public static byte? ByteAt(string path, int index)
        => OperatingSystem.IsLinux() && path[index] is >= FirstByte and <= LastByte && (index == 0 || !char.IsHighSurrogate(path[index - 1])) ? (byte)path[index] : null;

    /// <summary>Lists the names in a folder.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static string[] Names(string folder)
    {
        nint entries = OpenFolder(ToBytes(folder));
        if (entries == 0) throw LastError(folder);
        try
        {
            List<string> names = [];
            while (ReadFolder(entries) is not 0 and nint entry)
            {
                string name = ToText(NameAt(entry + NameOffset));
                if (name is not ("." or "..")) names.Add(name);
            }

            return [.. names];
        }
        finally
        {
            _ = CloseFolder(entries);
        }
    }

    /// <summary>Opens a file for reading, also one that .NET can open.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static FileStream OpenRead(string path)
    {
        if (!IsRaw(path)) return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        int file = NativeFile.Open(ToBytes(path), NativeFile.ReadOnly | CloseInChildren);
        return file < 0 ? throw LastError(path) : new FileStream(new SafeFileHandle(file, ownsHandle: true), FileAccess.Read, 1);
    }

    /// <summary>Follows every link of a path; the path itself where it leads nowhere.</summary>
    public static string Resolve(string path)
    {
        nint real = RealPath(ToBytes(path), 0);
        if (real == 0) return path;
        string resolved = ToText(NameAt(real));
        Free(real);
        return resolved;
    }

    /// <summary>The bytes of a path as the system takes them, a zero at their end.</summary>
    public static byte[] ToBytes(string path)
    {
        ArrayBufferWriter<byte> bytes = new(path.Length + 1);
        for (int at = 0; at < path.Length;)
        {
            if (ByteAt(path, at) is { } raw)
            {
                bytes.Write<byte>([raw]);
                at++;
                continue;
            }

            Rune.DecodeFromUtf16(path.AsSpan(at), out Rune rune, out int length);
            bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
            at += length;
        }

        bytes.Write<byte>([0]);
        return bytes.WrittenSpan.ToArray();
    }

    private static string ToText(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done) text.Append(rune);
            else foreach (byte raw in bytes[..length]) text.Append((char)(0xDC00 + raw));
            bytes = bytes[length..];
        }

        return text.ToString();
    }

    private static unsafe ReadOnlySpan<byte> NameAt(nint name) => MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)name);

    private static IOException LastError(string path) => new($"{Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())} : '{path}'");

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    private static partial nint OpenFolder(byte[] path);

    [LibraryImport("libc", EntryPoint = "readdir")]
    private static partial nint ReadFolder(nint folder);

    [LibraryImport("libc", EntryPoint = "closedir")]
    private static partial int CloseFolder(nint folder);

    [LibraryImport("libc", EntryPoint = "realpath")]
    private static partial nint RealPath(byte[] path, nint buffer);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);
}
