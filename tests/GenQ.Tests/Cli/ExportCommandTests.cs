using System.Text.Json;
using GenQ.Cli;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Tests.Encoders;
using GenQ.Text;

namespace GenQ.Tests.Cli;

[Collection(ConsoleRun.Collection)]
public sealed class ExportCommandTests : IDisposable
{
    private readonly EncoderGolden _golden = new("bert-tiny");
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _golden.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_model_of_a_run_is_exported_and_compared_with_itself()
    {
        _golden.CopyTo(_folder["run", "model"]);
        ConsoleRun run = await ConsoleRun.OfAsync("", "export", _folder["run"], "--onnx", _folder["onnx"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.Contains("cosine with the model's own vectors at least 1.00000", run.Error, StringComparison.Ordinal);
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"], new OnnxEncoderOptions { Model = _folder["run", "model"] });
        EncoderGolden.AssertClose(_golden["embeddings"], encoder.Encode(_golden.Texts), 2e-5);
    }

    [Fact]
    public async Task A_run_keeps_its_export_where_a_search_finds_it()
    {
        _golden.CopyTo(_folder["run", "model"]);
        ConsoleRun run = await ConsoleRun.OfAsync("", "export", _folder["run"], "--int8");
        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        using OnnxEncoder encoder = Assert.IsType<OnnxEncoder>(RunEncoder.Open(new RunFolder(_folder["run"])));
        Assert.True(encoder.Int8Weights);
        ConsoleRun embedded = await ConsoleRun.OfAsync("the pump\n", "embed", _folder["run"], "--as", "query");
        Assert.Equal(JsonSerializer.Serialize(encoder.EncodeQueries(["the pump"])[0]), embedded.Output.TrimEnd());
    }

    [Fact]
    public async Task An_export_of_an_earlier_model_is_told_to_be_made_anew()
    {
        _golden.CopyTo(_folder["run", "model"]);
        OnnxExport.Write(_folder["run", "model"], _folder["run", "onnx"]);
        File.AppendAllText(_folder["run", "model", "config.json"], " ");
        ConsoleRun run = await ConsoleRun.OfAsync("the pump\n", "embed", _folder["run"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("the model has changed since", run.Error, StringComparison.Ordinal);
        Assert.EndsWith($"Run 'genq export {_folder["run"]}' first.\n", run.Error, StringComparison.Ordinal);
        using ISentenceEncoder torch = RunEncoder.Open(new RunFolder(_folder["run"]), Precision.Bf16);
        Assert.IsType<BiEncoder>(torch);
    }

    [Fact]
    public async Task A_model_by_its_folder_is_exported_with_weights_of_8_bits()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "export", "--model", _golden.Folder, "--onnx", _folder["onnx"], "--int8");
        Assert.Equal(0, run.ExitCode);
        using OnnxEncoder encoder = OnnxEncoder.Load(_folder["onnx"]);
        Assert.True(encoder.Int8Weights);
    }

    [Fact]
    public async Task A_run_without_a_model_is_told_its_next_stage()
    {
        Directory.CreateDirectory(_folder["run"]);
        File.WriteAllText(_folder["run", "genq.json"], """{"settings": {}}""");
        ConsoleRun run = await ConsoleRun.OfAsync("", "export", _folder["run"], "--onnx", _folder["onnx"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"genq: '{_folder["run"]}' has no model yet. Run 'genq train {_folder["run"]}' first.\n", run.Error);
    }

    [Fact]
    public async Task A_model_in_place_of_a_run_is_told_the_option_for_it()
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", "export", _golden.Folder, "--onnx", _folder["onnx"]);
        Assert.Equal((1, $"genq: '{_golden.Folder}' is a model, not a run: give it with --model.\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData(null, "Broken. Run 'genq export RUN --onnx onnx'.")]
    [InlineData("tuned", "Broken. Run 'genq export --model tuned --onnx onnx'.")]
    public void What_another_export_mends_is_told_as_the_command_for_it(string? model, string expected)
        => Assert.Equal(expected, RemedyWords.Of(new GenQException("Broken.") { Remedy = new Remedy.Export(model, "onnx") }));

    [Theory]
    [InlineData("Give either a run folder, or --model.", "export", "--onnx", "out")]
    [InlineData("Give either a run folder, or --model.", "export", "run", "--model", "other", "--onnx", "out")]
    [InlineData("With --model, say with --onnx which folder receives the export.", "export", "--model", "other")]
    public async Task Wrong_usage_is_told(string message, params string[] arguments)
    {
        ConsoleRun run = await ConsoleRun.OfAsync("", arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }
}
