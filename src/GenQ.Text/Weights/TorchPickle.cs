using System.IO.Compression;
using System.Text;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Reads <c>pytorch_model.bin</c>: a zip of one pickle (names, shapes) and one entry of raw numbers per storage, as <c>torch.save</c>
/// writes a state dict since torch 1.6. The pickle is read by <see cref="TensorUnpickler"/>, which knows tensors alone: no code in a file
/// is ever run.
/// </summary>
/// <remarks>Source: torch's <c>serialization.py</c>.</remarks>
public static class TorchPickle
{
    /// <summary>Gives the tensors of a file one by one, in the file's order; each can be read until the enumeration goes on.</summary>
    /// <exception cref="GenQException">The file is missing or broken, or holds anything but named tensors.</exception>
    public static IEnumerable<StoredTensor> Enumerate(string path)
    {
        using ZipArchive zip = Open(path);
        string root = FindRoot(zip, path);
        IReadOnlyList<KeyValuePair<string, PickledTensor>> tensors = TensorUnpickler.Run(ReadProgram(zip, root, path), path);

        // A storage with several windows (slices) is read once and kept; one with a single window is let go at once.
        Dictionary<string, int> windows = tensors.CountBy(pair => pair.Value.Storage.Key).ToDictionary();
        Dictionary<string, byte[]> kept = [];
        foreach ((string name, PickledTensor pickled) in tensors)
        {
            PickledStorage storage = pickled.Storage;
            yield return new StoredTensor(new TensorInfo(name, storage.Type, pickled.Shape), use =>
            {
                CheckWindow(name, pickled, path);
                ZipArchiveEntry entry = FindStorage(zip, root, name, storage, path);
                if (pickled.IsStartOfStorage)
                {
                    ReadExactly(entry, path, stream => use(stream.ReadExactly));
                    return;
                }

                if (!kept.TryGetValue(storage.Key, out byte[]? numbers))
                {
                    numbers = ReadStorage(entry, name, path);
                    if (windows[storage.Key] > 1) kept[storage.Key] = numbers;
                }

                pickled.Gather(numbers, use);
            });
        }
    }

    private static ZipArchive Open(string path)
    {
        FileStream? file = null;
        try
        {
            InputFile.RequireNoSpecial(path);
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            Span<byte> magic = stackalloc byte[2];
            if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual("PK"u8))
            {
                throw new GenQException($"'{path}' is not a zip file, as torch writes since version 1.6. " +
                    "Load it with torch once and save it again, best as model.safetensors.");
            }

            file.Position = 0;
            ZipArchive zip = new(file, ZipArchiveMode.Read);

            // The directory is read when it is first asked for: its damage belongs here.
            _ = zip.Entries.Count;
            return zip;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is InvalidDataException) throw Broken(path, "its zip directory is missing or damaged, as where it is cut off", e);
            if (e is IOException or UnauthorizedAccessException) throw new GenQException($"'{path}' cannot be read: {e.Message}", e);
            throw;
        }
    }

    // Everything lies in one folder, which torch names after the file that was saved.
    private static string FindRoot(ZipArchive zip, string path)
    {
        const string Program = "/data.pkl";
        string? name = zip.Entries.Select(entry => entry.FullName)
            .FirstOrDefault(name => name.EndsWith(Program, StringComparison.Ordinal) && name.Count(c => c == '/') == 1);
        return name?[..^Program.Length] ?? throw Broken(path, "it has no data.pkl");
    }

    private static byte[] ReadProgram(ZipArchive zip, string root, string path)
    {
        // Files from before torch 2.1 do not say their order; it was the machine's, nearly always little.
        string order = zip.GetEntry($"{root}/byteorder") is { } entry ? Encoding.ASCII.GetString(ReadEntry(entry, path)) : "little";
        if (order != "little")
        {
            throw new GenQException($"'{path}' was saved with byte order '{order}', expected little. " +
                "Save it again on a little-endian machine.");
        }

        return ReadEntry(zip.GetEntry($"{root}/data.pkl")!, path);
    }

    private static byte[] ReadEntry(ZipArchiveEntry entry, string path)
    {
        if (entry.Length > InputLimits.PickleBytes)
            throw Broken(path, $"'{entry.FullName}' has {entry.Length} bytes, at most {InputLimits.PickleBytes} are read");
        byte[] bytes = new byte[entry.Length];
        ReadExactly(entry, path, stream => stream.ReadExactly(bytes));
        return bytes;
    }

    private static ZipArchiveEntry FindStorage(ZipArchive zip, string root, string name, PickledStorage storage, string path)
    {
        ZipArchiveEntry entry = zip.GetEntry($"{root}/data/{storage.Key}")
            ?? throw Broken(path, $"it has no entry 'data/{storage.Key}' for '{name}'");
        long length = entry.Length / TensorInfo.SizeOf(storage.Type);
        if (length != storage.Count)
            throw Broken(path, $"the storage of '{name}' should hold {storage.Count} numbers of {storage.Type}, got {length}");
        return entry;
    }

    private static byte[] ReadStorage(ZipArchiveEntry entry, string name, string path)
    {
        if (entry.Length > Array.MaxLength)
        {
            throw new GenQException($"'{path}' holds '{name}' as a part of {entry.Length} bytes, or with its dimensions turned; at most "
                + $"{Array.MaxLength} bytes are read that way. Save the model again, best as model.safetensors.");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)entry.Length);
        ReadExactly(entry, path, stream => stream.ReadExactly(bytes));
        return bytes;
    }

    private static void ReadExactly(ZipArchiveEntry entry, string path, Action<Stream> read)
    {
        try
        {
            using Stream stream = entry.Open();
            read(stream);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Broken(path, $"'{entry.FullName}' is cut off or damaged ({e.Message})", e);
        }
    }

    private static void CheckWindow(string name, PickledTensor tensor, string path)
    {
        UInt128 count = 1;
        UInt128 last = (ulong)tensor.Offset;
        for (int i = 0; i < tensor.Shape.Length; i++)
        {
            count = UInt128.Min(count * (ulong)tensor.Shape[i], long.MaxValue);
            last += (ulong)tensor.Strides[i] * (UInt128)(ulong)Math.Max(tensor.Shape[i] - 1, 0);
        }

        UInt128 stored = (ulong)tensor.Storage.Count;
        if (count > stored || (count > 0 && last >= stored))
            throw Broken(path, $"'{name}' [{string.Join(", ", tensor.Shape)}] reaches beyond its storage of {stored} numbers");
    }

    private static GenQException Broken(string path, string what, Exception? cause = null)
    {
        string message = $"'{path}' is not a valid torch file: {what}. Get the file anew.";
        return cause is null ? new GenQException(message) : new GenQException(message, cause);
    }
}
