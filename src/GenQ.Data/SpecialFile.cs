using System.Runtime.InteropServices;

namespace GenQ.Data;

/// <summary>
/// Tells what has a file's name and is none: pipes, sockets and devices, which .NET shows as files. Reading one may wait, or go on, for
/// ever.
/// </summary>
internal static partial class SpecialFile
{
    private const int TypeMask = 0xF000, PlainFile = 0x8000, Folder = 0x4000, CurrentFolder = -100, TypeWanted = 1;

    /// <summary>
    /// What the path leads to, with its article: "a pipe". <see langword="null"/> for files, for folders, and for what is not there.
    /// </summary>
    public static string? KindOf(string path) => (Mode(path) & TypeMask) switch
    {
        0x1000 => "a pipe",
        0x2000 => "a device",
        0x6000 => "a disk",
        0xC000 => "a socket",
        _ => null,
    };

    /// <summary>Whether the path leads to a folder, also where .NET cannot name it.</summary>
    public static bool IsFolder(string path) => RawPath.IsRaw(path) ? (Mode(path) & TypeMask) == Folder : Directory.Exists(path);

    /// <summary>Whether the path leads to a file, also where .NET cannot name it.</summary>
    public static bool IsFile(string path) => RawPath.IsRaw(path) ? (Mode(path) & TypeMask) == PlainFile : File.Exists(path);

    // st_mode of the file that links lead to; 0 where nobody tells it. Windows keeps such things outside its folders.
    private static int Mode(string path)
    {
        // Both structures are shorter. Their first fields are the same on every processor.
        byte[] status = new byte[512];
        try
        {
            if (OperatingSystem.IsLinux()) return ModeAt(28, StatX(CurrentFolder, RawPath.ToBytes(path), 0, TypeWanted, status));
            if (!OperatingSystem.IsMacOS()) return 0;
            return ModeAt(4, RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Stat(path, status) : StatOfX64(path, status));
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            return 0;
        }

        int ModeAt(int offset, int error) => error == 0 ? BitConverter.ToUInt16(status, offset) : 0;
    }

    [LibraryImport("libc", EntryPoint = "statx")]
    private static partial int StatX(int folder, byte[] path, int flags, uint wanted, [Out] byte[] status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, [Out] byte[] status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatOfX64(string path, [Out] byte[] status);
}
