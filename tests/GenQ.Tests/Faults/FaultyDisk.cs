using System.Diagnostics;
using GenQ.Data;

namespace GenQ.Tests.Faults;

/// <summary>
/// A disk that counts what is asked of it (create, write, sync, rename, sync of a folder, delete) and does at one step, counted from 1, what disks and machines do. Names that
/// were not brought to the disk, and bytes that were not, can be lost.
/// </summary>
internal sealed class FaultyDisk(Fault fault, int at, bool endsProcess = false) : Disk
{
    private const int NoSpace = 28, InputOutput = 5;

    // How many bytes of a file are safe.
    private readonly Dictionary<string, long> _safe = [];
    private readonly List<(string From, string To, byte[]? Replaced)> _renames = [];
    private bool _isOver;

    /// <summary>How many steps there were.</summary>
    public int Steps { get; private set; }

    public override Stream Create(string path)
    {
        Step(() => File.WriteAllBytes(path, []));
        _safe[path] = 0;
        return new BufferedStream(new FaultyStream(this, new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, 0)), 1 << 16);
    }

    public override Stream Append(string path)
    {
        FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, 0);
        _safe[path] = file.Length;
        return new FaultyStream(this, file);
    }

    public override void Sync(Stream file)
    {
        file.Flush();
        Step(() => { });
        FileStream inner = file is BufferedStream buffered ? ((FaultyStream)buffered.UnderlyingStream).File : ((FaultyStream)file).File;
        _safe[inner.Name] = inner.Length;
    }

    public override void Move(string from, string to)
    {
        Step(() => { });
        _renames.Add((from, to, File.Exists(to) ? File.ReadAllBytes(to) : null));
        base.Move(from, to);
        if (_safe.Remove(from, out long length)) _safe[to] = length;
    }

    public override void SyncFolder(string folder)
    {
        Step(() => { });
        _renames.RemoveAll(rename => Path.GetFullPath(Path.GetDirectoryName(rename.To)!) == Path.GetFullPath(folder));
    }

    public override void Delete(string path)
    {
        if (!Path.Exists(path)) return;
        if (fault is Fault.NoSpace or Fault.InputOutput)
        {
            base.Delete(path);
            return;
        }

        Step(() =>
        {
            // Half of a folder is gone.
            string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [];
            foreach (string file in files.Take(files.Length / 2)) File.Delete(file);
        });
        base.Delete(path);
    }

    /// <summary>What a power cut leaves: files without the bytes, and names without the renaming, that were not brought to the disk.</summary>
    public void LoseUnsynced()
    {
        foreach ((string from, string to, byte[]? replaced) in Enumerable.Reverse(_renames))
        {
            if (File.Exists(to)) File.Move(to, from, overwrite: true);
            if (replaced is not null) File.WriteAllBytes(to, replaced);
            _safe.Remove(to);
        }

        foreach ((string path, long length) in _safe.Where(file => File.Exists(file.Key)))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write);
            if (file.Length > length) file.SetLength(length);
        }
    }

    private void Step(Action half)
    {
        if (_isOver) throw new ProcessEndedException();
        if (++Steps != at) return;
        switch (fault)
        {
            case Fault.NoSpace:
                half();
                throw new IOException("No space left on device", NoSpace);
            case Fault.InputOutput:
                throw new IOException("Input/output error", InputOutput);
            default:
                half();
                if (endsProcess) Process.GetCurrentProcess().Kill();
                _isOver = true;
                throw new ProcessEndedException();
        }
    }

    private sealed class FaultyStream(FaultyDisk disk, FileStream file) : Stream
    {
        public FileStream File => file;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position
        {
            get => file.Position;
            set => file.Position = value;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void SetLength(long value) => file.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count)
        {
            disk.Step(() => file.Write(buffer, offset, count / 2));
            file.Write(buffer, offset, count);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
