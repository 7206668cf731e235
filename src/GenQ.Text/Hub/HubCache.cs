using System.Text.RegularExpressions;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// One model's place in the cache that all hub libraries share: <c>blobs/</c> holds each content once, named by its hash;
/// <c>snapshots/COMMIT/</c> holds links to them under the files' names; <c>refs/REVISION</c> names the commit a branch or tag stood at;
/// <c>.no_exist/COMMIT/</c> remembers which files a commit does not have. The locks of all models' blobs are in <c>.locks/</c> of the whole cache.
/// </summary>
/// <remarks>Source: the "Hub Local Cache" page of the hub's documentation.</remarks>
internal sealed partial class HubCache(string cacheFolder, string name)
{
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    private readonly string _folder = Path.GetFullPath(Path.Combine(cacheFolder, FolderName(name)));
    private readonly string _locks = Path.GetFullPath(Path.Combine(cacheFolder, ".locks", FolderName(name)));

    /// <summary>Whether a revision is a commit's hash, which never comes to mean something else.</summary>
    internal static bool IsCommit(string revision) => CommitHash().IsMatch(revision);

    internal string Snapshot(string commit) => Path.Combine(_folder, "snapshots", commit);

    internal string Blob(string hash) => Path.Combine(_folder, "blobs", hash);

    /// <summary>
    /// Waits until nobody else writes a blob, also no Python library on a system where both lock by <c>flock</c>, and keeps others away until the result is
    /// disposed.
    /// </summary>
    internal async Task<IDisposable> LockAsync(string hash, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_locks);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(_locks, hash + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (LockFile.IsHeld(e))
            {
                await Task.Delay(LockPause, cancellation);
            }
        }
    }

    /// <summary>The folder of a revision, or <see langword="null"/> when too little of it is there.</summary>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="whole">Whether it must be certain that nothing is missing; otherwise config and weights are enough.</param>
    internal string? Find(string revision, bool whole)
    {
        string reference = Reference(revision);
        string? commit = IsCommit(revision) ? revision : File.Exists(reference) ? File.ReadAllText(reference).Trim() : null;
        if (commit is null || !IsCommit(commit) || !Directory.Exists(Snapshot(commit))) return null;
        string folder = Snapshot(commit);
        string[] files = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsThere)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))];
        bool found = whole ? HubFiles.AreWhole(files, File.Exists(Absence(commit, HubFiles.Modules))) : HubFiles.AreLoadable(files);
        return found ? folder : null;
    }

    /// <summary>Whether a commit's file is in the snapshot, and its blob too.</summary>
    internal bool Has(string commit, string file) => IsThere(Path.Combine(Snapshot(commit), file));

    /// <summary>
    /// Puts a blob into a snapshot under the file's name: by a relative link, so that the cache can be moved, or else as a copy.
    /// </summary>
    internal void Link(string commit, string file, string hash)
    {
        string path = Path.Combine(Snapshot(commit), file);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.GetRelativePath(folder, Blob(hash)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Windows allows links in its developer mode alone, and some network drives not at all.
            string partial = path + AtomicFile.PartialSuffix;
            File.Copy(Blob(hash), partial, overwrite: true);
            File.Move(partial, path, overwrite: true);
        }
    }

    /// <summary>Notes which commit a branch or tag stands at.</summary>
    internal void SetReference(string revision, string commit)
    {
        if (!IsCommit(revision)) AtomicFile.WriteText(Reference(revision), writer => writer.Write(commit));
    }

    /// <summary>Notes that a commit does not have a file.</summary>
    internal void SetAbsent(string commit, string file) => AtomicFile.WriteText(Absence(commit, file), _ => { });

    private static string FolderName(string name) => "models--" + name.Replace("/", "--", StringComparison.Ordinal);

    private string Reference(string revision) => Path.Combine(_folder, "refs", revision);

    private string Absence(string commit, string file) => Path.Combine(_folder, ".no_exist", commit, file);

    // A link whose blob was deleted is no file.
    private static bool IsThere(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is null ? file.Exists : file.ResolveLinkTarget(returnFinalTarget: true)?.Exists == true;
    }

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex CommitHash();
}
