using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using GenQ.Data;

namespace GenQ.Text;

/// <summary>
/// Reads and writes safetensors files: eight bytes of header length, a JSON header, then the tensors' bytes, little-endian, row by row.
/// </summary>
/// <remarks>Source: the format section of the README of huggingface/safetensors; the checks are those of its <c>tensor.rs</c>.</remarks>
public static class SafeTensors
{
    private const int LengthBytes = 8;
    private const long MaxHeaderBytes = 100_000_000;
    private const string MetadataName = "__metadata__";
    private const string Advice = "Get the file anew.";

    // Of what stands before it in the header and of the tensors' bytes.
    private const string SealName = "xxh3";

    private static readonly Dictionary<string, string> PyTorchMetadata = new() { ["format"] = "pt" };

    private static readonly Dictionary<string, NumberType> Types = Enum.GetValues<NumberType>().ToDictionary(NameOf);

    /// <summary>Reads the names, types and shapes, and checks that they fit the file, without reading the tensors.</summary>
    /// <exception cref="GenQException">The file is missing, cut off, or its header is broken.</exception>
    public static SafeTensorsHeader ReadHeader(string path)
    {
        using FileStream file = Open(path);
        (Dictionary<string, string> metadata, List<Entry> entries) = Parse(file, path);
        return new SafeTensorsHeader(metadata, [.. entries.Select(entry => entry.Info)]);
    }

    /// <summary>Writes tensors; the file appears when it is whole.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">The tensors. The file holds wide types before narrow ones, so that all are aligned, then by name.</param>
    /// <param name="metadata">Free text for the header; <c>format: pt</c> when left out, which transformers asks for.</param>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">A tensor wrote more or fewer bytes than its type and shape say.</exception>
    public static void Write(string path, IEnumerable<TensorContent> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        TensorContent[] sorted = [.. Sorted(tensors)];
        byte[] header = CreateHeader([.. sorted.Select(tensor => tensor.Info)], metadata ?? PyTorchMetadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[LengthBytes];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (TensorContent tensor in sorted)
            {
                long end = stream.Position + tensor.Info.ByteCount;
                tensor.WriteTo(stream);
                if (stream.Position != end)
                    throw new ArgumentException($"'{tensor.Info.Name}' should have written {tensor.Info.ByteCount} bytes: {stream.Position - end} more.", nameof(tensors));
            }
        });
    }

    /// <summary>Writes tensors with a checksum in the header: <see cref="RequireSeal"/> notices a byte that has changed since.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="tensors">The tensors; each is asked for its bytes twice.</param>
    /// <param name="metadata">Free text for the header.</param>
    /// <exception cref="GenQException">The file cannot be written.</exception>
    internal static void WriteSealed(string path, IReadOnlyList<TensorContent> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        TensorContent[] sorted = [.. Sorted(tensors)];
        using HashingStream hash = new();
        hash.Write(CreateHeader([.. sorted.Select(tensor => tensor.Info)], metadata));
        foreach (TensorContent tensor in sorted) tensor.WriteTo(hash);
        Write(path, sorted, new Dictionary<string, string>(metadata) { [SealName] = hash.Digits });
    }

    /// <summary>Refuses a file that is not what <see cref="WriteSealed"/> has written; one without a checksum passes.</summary>
    /// <exception cref="GenQException">A byte of it is another one.</exception>
    internal static void RequireSeal(string path)
    {
        using FileStream file = Open(path);
        (Dictionary<string, string> metadata, List<Entry> entries) = Parse(file, path);
        if (!metadata.Remove(SealName, out string? digits)) return;
        using HashingStream hash = new();
        hash.Write(CreateHeader([.. entries.Select(entry => entry.Info)], metadata));
        file.Position = entries.Count == 0 ? file.Length : entries.Min(entry => entry.Start);
        file.CopyTo(hash, 1 << 20);
        if (hash.Digits != digits) throw Broken(path, "a byte of it is not what was written");
    }

    /// <summary>Gives the tensors of a file one by one, in the order of their data; each can be read until the enumeration goes on.</summary>
    /// <exception cref="GenQException">The file is missing, cut off, or its header is broken.</exception>
    public static IEnumerable<StoredTensor> Enumerate(string path)
    {
        using FileStream file = Open(path);
        foreach (Entry entry in Parse(file, path).Entries)
        {
            yield return new StoredTensor(entry.Info, use =>
            {
                long position = entry.Start;
                use(bytes =>
                {
                    ReadExactly(file, bytes, position, path);
                    position += bytes.Length;
                });
            });
        }
    }

    private static IOrderedEnumerable<TensorContent> Sorted(IEnumerable<TensorContent> tensors)
        => tensors.OrderByDescending(tensor => TensorInfo.SizeOf(tensor.Info.Type)).ThenBy(tensor => tensor.Info.Name, StringComparer.Ordinal);

    private static FileStream Open(string path)
    {
        InputFile.RequireNoSpecial(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GenQException($"'{path}' cannot be read: {e.Message}", e);
        }
    }

    private static void ReadExactly(FileStream file, Span<byte> bytes, long offset, string path)
    {
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(file.SafeFileHandle, bytes, offset);
            if (read == 0) throw new GenQException($"'{path}' became shorter while it was read.");
            bytes = bytes[read..];
            offset += read;
        }
    }

    private static (Dictionary<string, string> Metadata, List<Entry> Entries) Parse(FileStream file, string path)
    {
        if (file.Length < LengthBytes)
            throw Broken(path, $"a file has at least {LengthBytes} bytes, got {file.Length}");
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        ReadExactly(file, lengthBytes, 0, path);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > (ulong)(file.Length - LengthBytes))
        {
            throw Broken(path, $"its header should be {length} bytes long, but only {file.Length - LengthBytes} bytes follow; " +
                "it is cut off or is no safetensors file");
        }

        if (length > MaxHeaderBytes)
            throw Broken(path, $"its header of {length} bytes is longer than the {MaxHeaderBytes} that are allowed");
        byte[] header = new byte[length];
        ReadExactly(file, header, LengthBytes, path);
        long dataStart = LengthBytes + (long)length;
        try
        {
            StrictJson.RequireUnicode(header);
            using JsonDocument json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return ParseHeader(json.RootElement, dataStart, file.Length - dataStart, path);
        }
        catch (JsonException e)
        {
            throw new GenQException($"'{path}' is not a valid safetensors file: its header is not valid JSON: {e.Message} " + Advice, e);
        }
    }

    private static (Dictionary<string, string> Metadata, List<Entry> Entries) ParseHeader(
        JsonElement root, long dataStart, long dataLength, string path)
    {
        if (root.ValueKind != JsonValueKind.Object) throw Broken(path, $"its header should be a JSON object, got {root.ValueKind}");
        Dictionary<string, string> metadata = [];
        List<(Entry Entry, long Length)> entries = [];
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.Name == MetadataName) metadata = ParseMetadata(property.Value, path);
            else entries.Add(ParseEntry(property, dataStart, path));
        }

        entries.Sort((a, b) => (a.Entry.Start, a.Length).CompareTo((b.Entry.Start, b.Length)));
        long end = dataStart;
        foreach ((Entry entry, long length) in entries)
        {
            if (entry.Start != end)
            {
                throw Broken(path, $"the bytes of '{entry.Info.Name}' should start at {end - dataStart}, where the tensor before ends, " +
                    $"got {entry.Start - dataStart}: the tensors {(entry.Start < end ? "overlap" : "leave a gap")}");
            }

            if (length > dataStart + dataLength - entry.Start)
            {
                throw Broken(path, $"the bytes of '{entry.Info.Name}' should end at {entry.Start - dataStart + length}, " +
                    $"but the file holds {dataLength} bytes of tensors: it is cut off");
            }

            end = entry.Start + length;
        }

        if (end != dataStart + dataLength)
            throw Broken(path, $"its tensors take {end - dataStart} bytes, but {dataLength} bytes follow the header");
        return (metadata, [.. entries.Select(e => e.Entry)]);
    }

    private static Dictionary<string, string> ParseMetadata(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
            throw Broken(path, $"'{MetadataName}' should hold texts by name, got {value.GetRawText()}");
        return value.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
    }

    private static (Entry Entry, long Length) ParseEntry(JsonProperty property, long dataStart, string path)
    {
        string name = property.Name;
        JsonElement tensor = property.Value;
        if (tensor.ValueKind != JsonValueKind.Object
            || !tensor.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !tensor.TryGetProperty("shape", out JsonElement dimensions) || !TryReadLongs(dimensions, out long[] shape)
            || !tensor.TryGetProperty("data_offsets", out JsonElement pair) || !TryReadLongs(pair, out long[] offsets)
            || offsets.Length != 2)
        {
            throw Broken(path, $"'{name}' should have dtype (text), shape (whole numbers) and data_offsets (two whole numbers), " +
                $"got {tensor.GetRawText()}");
        }

        if (!Types.TryGetValue(dtype.GetString()!, out NumberType type))
        {
            throw new GenQException($"'{path}' stores '{name}' as {dtype.GetString()}, expected one of {string.Join(", ", Types.Keys)}. " +
                "Use a checkpoint of the model in one of these types.");
        }

        if (offsets[0] > offsets[1]) throw Broken(path, $"the bytes of '{name}' start at {offsets[0]} and end before, at {offsets[1]}");
        UInt128 size = (UInt128)TensorInfo.SizeOf(type);
        foreach (long length in shape) size = UInt128.Min(size * (ulong)length, long.MaxValue);
        if (size != (UInt128)(offsets[1] - offsets[0]))
        {
            throw Broken(path, $"'{name}' of {dtype.GetString()} [{string.Join(", ", shape)}] should take {size} bytes, " +
                $"got {offsets[1] - offsets[0]}");
        }

        return (new Entry(new TensorInfo(name, type, shape), dataStart + offsets[0]), offsets[1] - offsets[0]);
    }

    // Offsets beyond 2^62 cannot be in a file, and sums of two of them would overflow.
    private static bool TryReadLongs(JsonElement array, out long[] values)
    {
        values = [];
        if (array.ValueKind != JsonValueKind.Array) return false;
        List<long> list = [];
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out long value)) return false;
            if (value is < 0 or > 1L << 62) return false;
            list.Add(value);
        }

        values = [.. list];
        return true;
    }

    private static byte[] CreateHeader(IReadOnlyList<TensorInfo> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject(MetadataName);
            foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (TensorInfo tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", NameOf(tensor.Type));
                json.WriteStartArray("shape");
                foreach (long length in tensor.Shape) json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                offset += tensor.ByteCount;
                json.WriteNumberValue(offset);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of eight, so that the numbers behind the header are aligned.
        while (buffer.Length % LengthBytes != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static string NameOf(NumberType type) => type.ToString().ToUpperInvariant();

    private static GenQException Broken(string path, string what) => new($"'{path}' is not a valid safetensors file: {what}. {Advice}");

    // Start: where the tensor's bytes begin, from the beginning of the file.
    private sealed record Entry(TensorInfo Info, long Start);
}
