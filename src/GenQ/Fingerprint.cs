using System.Security.Cryptography;

namespace GenQ;

/// <summary>Names contents by their SHA-256, so that a stage notices that what it reads is not what it was.</summary>
internal static class Fingerprint
{
    private static readonly string[] Weights = ["*.safetensors", "pytorch_model*.bin"];

    /// <summary>The first 16 digits of a file's hash.</summary>
    public static string OfFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
    }

    /// <summary>The first 16 digits of the hash of a model's configuration and weights.</summary>
    public static string OfModel(string folder)
    {
        IEnumerable<string> files = Weights.SelectMany(pattern => Directory.GetFiles(folder, pattern))
            .Append(Path.Combine(folder, "config.json")).Where(File.Exists).Order(StringComparer.Ordinal);
        return OfText(string.Join('\n', files.Select(OfFile)));
    }

    /// <summary>The first 16 digits of a text's hash.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];
}
