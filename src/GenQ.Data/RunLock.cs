using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GenQ.Data;

/// <summary>
/// Holds a run for one process: genq.lock. The system frees it when the process ends, however it ends; what such a process has left is taken over. The file says
/// who holds it, for the message of the next one.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _folder;
    private readonly bool _hasMadeFolder;

    private RunLock(FileStream file, string folder, bool hasMadeFolder) => (_file, _folder, _hasMadeFolder) = (file, folder, hasMadeFolder);

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
            while (true)
            {
                // Elsewhere than on Windows nobody is kept from reading what is held: see NativeFile.
                FileStream file = new(
                    run.Lock, FileMode.OpenOrCreate, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None, 0, FileOptions.DeleteOnClose);
                byte[] note = JsonSerializer.SerializeToUtf8Bytes(Owner.This(work), IndentedJson.Options);
                file.SetLength(0);
                file.Write(note);

                // The one before deletes the file as it lets it go. Where this was opened before and locked after, the name is another's by now.
                if (NativeFile.ReadHeld(run.Lock) == Encoding.UTF8.GetString(note)) return new RunLock(file, run.Path, isNew);
                file.Dispose();
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            bool isHeld = e is IOException && e.HResult is not (WriteError.NoSpace or WriteError.ReadOnlySystem or WriteError.InputOutput) && File.Exists(run.Lock);
            throw isHeld ? Held(run, e) : WriteError.Of(run.Path, e);
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

    private static GenQException Held(RunFolder run, Exception cause)
    {
        Owner? owner = null;
        try
        {
            owner = NativeFile.ReadHeld(run.Lock) is { } note ? JsonSerializer.Deserialize<Owner>(note, IndentedJson.Options) : null;
        }
        catch (JsonException)
        {
            // It has just been taken, and says nothing yet.
        }

        string who = owner is not { Host: not null, Work: not null, Begun: not null } ? "" : $" (process {owner.Process} on {PlainLine.Of(owner.Host)}, '{PlainLine.Of(owner.Work)}', since {PlainLine.Of(owner.Begun)})";
        return new GenQException($"Another process works on the run '{run.Path}'{who}: wait until it has ended, or choose another output folder.", cause)
        {
            Where = run.Lock,
            Got = owner is null ? null : $"process {owner.Process}",
        };
    }

    /// <summary>Who holds a run.</summary>
    /// <param name="Process">The number of the process.</param>
    /// <param name="Host">The machine.</param>
    /// <param name="Begun">When it took the run, in UTC.</param>
    /// <param name="Work">What it does.</param>
    private sealed record Owner(int Process, string Host, string Begun, string Work)
    {
        public static Owner This(string work)
            => new(Environment.ProcessId, Environment.MachineName, TimeProvider.System.GetUtcNow().ToString("u", CultureInfo.InvariantCulture), work);
    }
}
