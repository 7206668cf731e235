using System.Text;
using System.Text.Json;

namespace GenQ.Data;

/// <summary>
/// A file that one holder at a time has, and that is gone when it is let go. The system frees it when its process ends, however it ends; what such a process has
/// left is taken over.
/// </summary>
internal sealed class LockFile : IDisposable
{
    // EAGAIN of Linux and of macOS, and Windows' sharing violation: how the system says that somebody has a file open alone.
    private static readonly int[] HeldErrors = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _file;

    private LockFile(FileStream file) => _file = file;

    /// <summary>Takes the lock; <see langword="null"/> while another holder has it.</summary>
    /// <param name="path">The file; its folder is there.</param>
    /// <param name="work">What is done with it, for those who want it meanwhile.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static LockFile? TryTake(string path, string work)
    {
        byte[] note = JsonSerializer.SerializeToUtf8Bytes(LockOwner.This(work), IndentedJson.Options);
        while (true)
        {
            FileStream file;
            try
            {
                // Elsewhere than on Windows nobody is kept from reading what is held: see NativeFile. Windows deletes what the handle has, others what has the name.
                file = OperatingSystem.IsWindows()
                    ? new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 0, FileOptions.DeleteOnClose)
                    : new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0);
            }
            catch (IOException e) when (IsHeld(e))
            {
                return null;
            }

            try
            {
                file.SetLength(0);
                file.Write(note);
            }
            catch (IOException)
            {
                file.Dispose();
                throw;
            }

            // The one before deletes the file as it lets it go. Where this was opened before and locked after, the name is another's by now.
            if (NativeFile.ReadHeld(path) == Encoding.UTF8.GetString(note)) return new LockFile(file);
            file.Dispose();
        }
    }

    /// <summary>Whether a file could not be opened because somebody has it open alone.</summary>
    public static bool IsHeld(IOException e) => HeldErrors.Contains(e.HResult);

    /// <summary>Who holds a lock; <see langword="null"/> where nobody does, or has not said so yet.</summary>
    public static LockOwner? OwnerOf(string path)
    {
        try
        {
            return NativeFile.ReadHeld(path) is { } note && JsonSerializer.Deserialize<LockOwner>(note, IndentedJson.Options) is { Host: not null, Work: not null, Begun: not null } owner ? owner : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Lets it go.</summary>
    public void Dispose()
    {
        if (!OperatingSystem.IsWindows()) File.Delete(_file.Name);
        _file.Dispose();
    }
}
