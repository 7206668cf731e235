namespace GenQ.Data;

/// <summary>
/// What GenQ asks of the disk where it writes. A test puts another in its place, which counts, fails or stops at any step: so the promise that nothing is
/// lost is tried at every one of them.
/// </summary>
internal class Disk
{
    private const int Buffer = 1 << 16;

    private static readonly Disk Real = new();
    private static readonly AsyncLocal<Disk?> Replaced = new();

    /// <summary>The one in use; another one is in use only where it was set, and in what is called from there.</summary>
    public static Disk Current
    {
        get => Replaced.Value ?? Real;
        set => Replaced.Value = value;
    }

    /// <summary>Creates a file, or empties one.</summary>
    public virtual Stream Create(string path) => new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, Buffer);

    /// <summary>Opens a file to write behind what it holds. Nothing waits in memory: what a full disk has refused is not tried again when the file is closed.</summary>
    public virtual Stream Append(string path) => new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0);

    /// <summary>Brings a file's content to the disk.</summary>
    /// <param name="file">From <see cref="Create"/> or <see cref="Append"/>.</param>
    public virtual void Sync(Stream file) => ((FileStream)file).Flush(flushToDisk: true);

    /// <summary>Renames a file; one that has the new name is replaced.</summary>
    public virtual void Move(string from, string to) => File.Move(from, to, overwrite: true);

    /// <summary>Brings the names in a folder to the disk.</summary>
    public virtual void SyncFolder(string folder) => NativeFile.SyncFolder(folder);

    /// <summary>Deletes a file, or a folder with all that it holds; what is not there is passed over.</summary>
    /// <exception cref="GenQException">It cannot be deleted.</exception>
    public virtual void Delete(string path)
    {
        try
        {
            if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
            else if (File.Exists(path)) File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{path}' cannot be deleted: {e.Message} Delete it yourself, or choose another output folder.", e) { Where = path };
        }
    }
}
