using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace GenQ.Tests.Fuzzing;

/// <summary>Small valid inputs of binary formats.</summary>
internal static class FuzzSeeds
{
    private const string Rebuild = "ctorch._utils\n_rebuild_tensor_v2\n";

    /// <summary>A safetensors file of three small tensors.</summary>
    public static byte[] SafeTensors()
    {
        const string header = """{"__metadata__":{"format":"pt"},"a.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I64","shape":[1],"data_offsets":[24,32]},"c":{"dtype":"BF16","shape":[0,5],"data_offsets":[32,32]}}""";
        byte[] bytes = new byte[8 + header.Length + 32];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(8));
        return bytes;
    }

    /// <summary>The pickle program of a state dict of one tensor, (2, 3).</summary>
    public static byte[] Pickle() => Encoding.Latin1.GetBytes(
        $"\x80\x02}}(X\x08\0\0\0a.weight{Rebuild}((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\00X\x03\0\0\0cpuK\x06tQK\0(K\x02K\x03t(K\x03K\x01t\u0089ccollections\nOrderedDict\n)RtRu.");

    /// <summary>A file of torch with that program.</summary>
    public static byte[] Torch(CompressionLevel level)
    {
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write("archive/data.pkl", Pickle());
            Write("archive/byteorder", "little"u8);
            Write("archive/data/0", new byte[24]);

            void Write(string name, ReadOnlySpan<byte> content)
            {
                using Stream entry = zip.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }

    /// <summary>A SentencePiece model of a few pieces.</summary>
    public static byte[] SentencePiece()
    {
        List<byte> model = [];
        (string Text, float Score, int Type)[] pieces =
            [("<pad>", 0, 3), ("</s>", 0, 3), ("<unk>", 0, 2), ("\u2581", -2, 1), ("\u2581hello", -3, 1), ("w", -4, 1), ("o", -4, 1), ("rld", -5, 1), ("<x>", 0, 4), ("<0x41>", 0, 6)];
        foreach ((string text, float score, int type) in pieces)
        {
            byte[] name = Encoding.UTF8.GetBytes(text);
            byte[] piece = [0x0A, (byte)name.Length, .. name, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)type];
            model.AddRange([0x0A, (byte)piece.Length, .. piece]);
        }

        // Trainer: unigram. Normalizer: a rule of one byte, then a space in front, and spaces joined.
        byte[] rules = [8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)'x', 0];
        byte[] normalizer = [0x12, (byte)rules.Length, .. rules, 0x18, 1, 0x20, 1];
        model.AddRange([0x12, 2, 0x18, 1, 0x1A, (byte)normalizer.Length, .. normalizer]);
        return [.. model];
    }

    /// <summary>A BM25 index of three passages.</summary>
    public static byte[] Bm25()
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        writer.Write("GENQBM25"u8);
        writer.Write(1);
        writer.Write("plain");
        foreach (int number in (int[])[3, 2, 3]) writer.Write(number);
        foreach (string term in (string[])["pump", "valve"]) writer.Write(term);
        foreach (int number in (int[])[0, 2, 3, 0, 1, 2]) writer.Write(number);
        foreach (float weight in (float[])[.5f, .25f, 1]) writer.Write(weight);
        return bytes.ToArray();
    }

    /// <summary>A packed text.</summary>
    public static byte[] Gzip(string text)
    {
        using MemoryStream bytes = new();
        using (GZipStream packer = new(bytes, CompressionLevel.Fastest, leaveOpen: true)) packer.Write(Encoding.UTF8.GetBytes(text));
        return bytes.ToArray();
    }
}
