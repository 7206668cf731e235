using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GenQ.Models;
using GenQ.Tests.Encoders;
using TorchSharp;
using static TorchSharp.torch;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class TokenizeCommandTests
{
    private static readonly string T5 = Shared.Golden("checkpoints", "t5-tiny");

    [Fact]
    public async Task The_ids_of_an_encoder_are_those_of_the_reference()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        ConsoleRun run = await ConsoleRun.OfAsync(JsonLines(golden.Texts), "tokenize", "--model", golden.Folder, "--json-lines");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(golden.Sequences().Select(ids => JsonSerializer.Serialize(ids)), run.Lines);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task The_ids_of_a_T5_are_those_of_the_reference_and_are_never_cut()
    {
        using DisposeScope scope = NewDisposeScope();
        JsonNode golden = JsonNode.Parse(File.ReadAllText(Path.Combine(T5, "expected.json")))!;
        string[] texts = [.. golden["texts"]!.AsArray().Select(text => text!.GetValue<string>())];
        Tensor expected = TensorFile.Read(Path.Combine(T5, "expected.safetensors"))["input_ids"];
        ConsoleRun run = await ConsoleRun.OfAsync(JsonLines(texts), "tokenize", "--model", T5, "--json-lines");
        Assert.Equal(texts.Length, run.Lines.Length);
        int width = (int)expected.shape[1];
        bool any = false;
        for (int row = 0; row < texts.Length; row++)
        {
            int[] ids = JsonSerializer.Deserialize<int[]>(run.Lines[row])!;
            long[] padded = expected[row].data<long>().ToArray();
            any |= ids.Length > width;

            // The reference cut its rows to the width, and put the end there.
            int compared = ids.Length <= width ? ids.Length : width - 1;
            Assert.Equal(padded.Take(compared), ids.Take(compared).Select(id => (long)id));
            Assert.All(padded.Skip(ids.Length), id => Assert.Equal(0, id));
            Assert.Equal(1, ids[^1]);
        }

        Assert.True(any, "a text must be longer than the reference's rows");
    }

    [Fact]
    public async Task Each_line_is_answered_by_one_line_also_an_empty_one()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("\nA short one.\n\n", "tokenize", "--model", T5);
        Assert.Equal(3, run.Lines.Length);
        Assert.Equal("[1]", run.Lines[0]);
        Assert.Equal("[1]", run.Lines[2]);
    }

    [Fact]
    public async Task Only_the_files_of_the_tokenizer_are_needed()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(T5, "spiece.model"), folder["spiece.model"]);
        Assert.Equal("[1]\n", (await ConsoleRun.OfAsync("\n", "tokenize", "--model", folder.Path)).Output);
    }

    [Fact]
    public async Task Stdin_is_utf8_whatever_the_locale_says()
    {
        ConsoleRun expected = await ConsoleRun.OfAsync("Finanzmärkte – naïve\n", "tokenize", "--model", T5);
        ProcessStartInfo start = ConsoleRun.Program("tokenize", "--model", T5);
        start.Environment["LC_ALL"] = "en_US.ISO-8859-1";
        using Process process = Process.Start(start)!;
        await process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes("Finanzmärkte – naïve\n"));
        process.StandardInput.Close();
        using MemoryStream output = new();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await process.WaitForExitAsync();
        Assert.Equal(Encoding.UTF8.GetBytes(expected.Output), output.ToArray());
    }

    [Fact]
    public async Task No_tensor_library_is_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/proc says what a process has loaded.");
        using Process process = Process.Start(ConsoleRun.Program("tokenize", "--model", T5))!;
        await process.StandardInput.WriteLineAsync("A short one.");
        await process.StandardInput.FlushAsync();
        Assert.StartsWith("[", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);

        // It waits for the next line.
        string loaded = await File.ReadAllTextAsync($"/proc/{process.Id}/maps");
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        Assert.Contains("GenQ.Text.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("torch", loaded, StringComparison.OrdinalIgnoreCase);
    }

    private static string JsonLines(IEnumerable<string> texts)
        => string.Concat(texts.Select(text => JsonSerializer.Serialize(text) + "\n"));
}
