using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json;
using GenQ.Text;

namespace GenQ.Tests.Tokenization;

/// <summary>The texts of tests/Golden and the ids that the reference implementations give them.</summary>
internal static class TokenizerGoldens
{
    internal sealed record Case(string Class, string Text, int[] Sentencepiece, int[] HfT5, int[] HfMpnet);

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<Case> Cases { get; } = ReadCases();

    /// <summary>Asserts that a tokenizer gives every golden text the ids that <paramref name="expected"/> gives it.</summary>
    public static void AssertIds(Func<Case, int[]> expected, ITokenizer tokenizer, IEnumerable<Case>? cases = null) =>
        Assert.Empty((cases ?? Cases)
            .Where(golden => !tokenizer.Encode(golden.Text).AsSpan().SequenceEqual(expected(golden)))
            .Select(golden => $"{golden.Class}: {golden.Text}"));

    /// <summary>Puts one file of tests/Golden/tokenizers into a folder under the name that a model folder gives it.</summary>
    public static void Place(string golden, TemporaryFolder folder, string name)
    {
        string source = Shared.Golden("tokenizers", golden);
        if (!golden.EndsWith(".gz", StringComparison.Ordinal))
        {
            File.Copy(source, folder[name]);
            return;
        }

        using GZipStream unpacked = new(File.OpenRead(source), CompressionMode.Decompress);
        using FileStream target = File.Create(folder[name]);
        unpacked.CopyTo(target);
    }

    /// <summary>The texts of a checkpoint's expected.json with their rows of input_ids, without padding.</summary>
    public static IEnumerable<(string Text, int[] Ids)> Expected(string checkpoint)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(checkpoint, "expected.json")));
        byte[] file = File.ReadAllBytes(Path.Combine(checkpoint, "expected.safetensors"));
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));

        long[] Read(string name)
        {
            JsonElement offsets = header.RootElement.GetProperty(name).GetProperty("data_offsets");
            Range bytes = (8 + headerLength + offsets[0].GetInt32())..(8 + headerLength + offsets[1].GetInt32());
            return MemoryMarshal.Cast<byte, long>(file.AsSpan(bytes)).ToArray();
        }

        string[] texts = [.. json.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        long[] ids = Read("input_ids");
        long[] mask = Read("attention_mask");
        int width = ids.Length / texts.Length;
        for (int row = 0; row < texts.Length; row++)
        {
            int length = (int)mask.Skip(row * width).Take(width).Sum();
            yield return (texts[row], [.. ids.Skip(row * width).Take(length).Select(id => (int)id)]);
        }
    }

    private static Case[] ReadCases()
    {
        using GZipStream unpacked = new(File.OpenRead(Shared.Golden("tokenizers", "cases.jsonl.gz")), CompressionMode.Decompress);
        using StreamReader lines = new(unpacked);
        string[] cases = lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. cases.Select(line => JsonSerializer.Deserialize<Case>(line, SnakeCase)!)];
    }
}
