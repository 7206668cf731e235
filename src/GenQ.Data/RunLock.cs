namespace GenQ.Data;

/// <summary>Holds a run for one process: genq.lock.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly LockFile _file;
    private readonly string _folder;
    private readonly bool _hasMadeFolder;

    private RunLock(LockFile file, string folder, bool hasMadeFolder) => (_file, _folder, _hasMadeFolder) = (file, folder, hasMadeFolder);

    /// <summary>Takes the lock.</summary>
    /// <param name="run">The run; its folder is made where it is missing.</param>
    /// <param name="work">What is done with it: a stage, or "run".</param>
    /// <exception cref="GenQException">Another process has it, or the folder cannot be written.</exception>
    public static RunLock Take(RunFolder run, string work)
    {
        bool isNew = !Directory.Exists(run.Path);
        try
        {
            Directory.CreateDirectory(run.Path);
            return LockFile.TryTake(run.Lock, work) is { } file ? new RunLock(file, run.Path, isNew) : throw Held(run);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw WriteError.Of(run.Path, e);
        }
    }

    /// <summary>Lets the run go.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (!_hasMadeFolder) return;
        try
        {
            // A stage that failed before it wrote anything leaves nothing.
            Directory.Delete(_folder);
        }
        catch (IOException)
        {
            // It holds something.
        }
    }

    private static GenQException Held(RunFolder run)
    {
        LockOwner? owner = LockFile.OwnerOf(run.Lock);
        string who = owner is null ? "" : $" (process {owner.Process} on {PlainLine.Of(owner.Host)}, '{PlainLine.Of(owner.Work)}', since {PlainLine.Of(owner.Begun)})";
        return new GenQException($"Another process works on the run '{run.Path}'{who}: wait until it has ended, or choose another output folder.")
        {
            Where = run.Lock,
            Got = owner is null ? null : $"process {owner.Process}",
        };
    }
}
