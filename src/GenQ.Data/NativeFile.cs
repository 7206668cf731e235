using System.Runtime.InteropServices;
using System.Text;

namespace GenQ.Data;

/// <summary>What .NET has no call for: to bring a folder's entries to the disk, and to read a file that another process holds.</summary>
internal static partial class NativeFile
{
    internal const int ReadOnly = 0;

    private const int LongestNote = 4096;

    /// <summary>Brings the names in a folder to the disk: what was renamed or deleted there stays so after a power cut. Windows does it by itself.</summary>
    /// <exception cref="IOException">The disk reports an error.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        int file = Open(RawPath.ToBytes(folder), ReadOnly);
        try
        {
            // A folder that may be written but not read is as good as its system keeps it, and some systems sync no folders.
            if (file >= 0 && Sync(file) != 0 && Marshal.GetLastPInvokeError() == WriteError.InputOutput)
                throw new IOException($"{Marshal.GetPInvokeErrorMessage(WriteError.InputOutput)} : '{folder}'", WriteError.InputOutput);
        }
        finally
        {
            if (file >= 0) _ = Close(file);
        }
    }

    /// <summary>Reads the beginning of a text file, also where another process holds it for itself alone; <see langword="null"/> where it cannot be read.</summary>
    public static string? ReadHeld(string path)
    {
        byte[] note = new byte[LongestNote];
        try
        {
            if (OperatingSystem.IsWindows())
            {
                using FileStream shared = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                return Encoding.UTF8.GetString(note, 0, shared.ReadAtLeast(note, note.Length, throwOnEndOfStream: false));
            }

            int file = Open(RawPath.ToBytes(path), ReadOnly);
            if (file < 0) return null;
            nint read = Read(file, note, note.Length);
            _ = Close(file);
            return read < 0 ? null : Encoding.UTF8.GetString(note, 0, (int)read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Opens a file; below zero where that fails, and the last error says why.</summary>
    /// <param name="path">Its path, as <see cref="RawPath.ToBytes"/> gives it.</param>
    /// <param name="flags">The system's.</param>
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    internal static partial int Open(byte[] path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int file, [Out] byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
