using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Text.ModelFolders;

public sealed class ShippedModelsTests
{
    [Theory]
    [InlineData("pump", null)]
    [InlineData("pumq", "weights.bin' is not what came with GenQ")]
    [InlineData(null, "found no file")]
    public void A_model_whose_files_are_not_those_of_its_sums_is_refused(string? content, string? message)
    {
        using TemporaryFolder folder = new();
        if (content is not null) File.WriteAllText(folder["weights.bin"], content);
        File.WriteAllText(folder["SHA256SUMS"], $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("pump"u8))}  weights.bin\n");
        Exception? error = Record.Exception(() => ShippedModels.Verify(folder.Path));
        if (message is null) Assert.Null(error);
        else Assert.Contains(message, Assert.IsType<GenQException>(error).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("genq-mini-t5")]
    [InlineData("genq-mini-mpnet")]
    [InlineData("genq-mini-judge")]
    public void The_mini_models_are_those_of_their_sums(string name)
    {
        string folder = ModelFolder.Resolve(name);
        string[] named = [.. File.ReadLines(Path.Combine(folder, "SHA256SUMS")).Select(line => line[66..])];
        Assert.Equal(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/')).Where(file => !file.EndsWith(".md", StringComparison.Ordinal) && file != "SHA256SUMS").Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }
}
