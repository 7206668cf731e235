using System.CommandLine;
using System.Globalization;
using System.Numerics.Tensors;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Text;

namespace GenQ.Cli.Commands;

/// <summary><c>genq export</c>: the encoder of a run, or any other, as ONNX.</summary>
internal static class ExportCommand
{
    // Below these an export is wrong, not inexact.
    private const double LeastCosine = 0.9999, LeastInt8Cosine = 0.99;

    // What an export is compared on: short and long, so that batches are filled up.
    private static readonly string[] Texts =
    [
        "disk",
        "how do I mount a disk",
        "A disk has to be mounted before its files can be read: name the device and the folder that it shall appear in.",
    ];

    public static Command Create()
    {
        Argument<string?> run = new("RUN") { Description = "A run folder, whose adapted model is exported.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> model = new("--model") { Description = "Export another encoder: a folder or a name on the hub." };
        Option<string?> output = new("--onnx") { Description = "Receives the export: an empty folder, or that of an earlier export. A run's own is in the run." };
        Option<bool> int8 = new("--int8") { Description = "Hold the weights as 8-bit whole numbers: a quarter of the size, faster, a little less exact." };
        Command command = new("export", """
            Writes an encoder as ONNX, for programs that run it without torch, and compares its vectors with the model's own.

            Examples:
              genq export runs/manuals --int8
              genq export runs/manuals --onnx manuals-onnx
              genq export --model sentence-transformers/all-MiniLM-L6-v2 --onnx minilm-onnx --int8
            """)
        {
            run, model, output, int8,
        };
        command.Validators.Add(result =>
        {
            CommonOptions.RequireOne(result, run, model);
            if (result.GetValue(model) is not null && result.GetValue(output) is null) result.AddError("With --model, say with --onnx which folder receives the export.");
        });
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(run);
            string folder = parsed.GetValue(output) ?? new RunFolder(path!).Onnx, source = path is null ? parsed.GetValue(model)! : ModelOf(path);
            OnnxExport.Write(source, folder, parsed.GetValue(int8));
            double cosine = Compare(source, folder);
            if (cosine < (parsed.GetValue(int8) ? LeastInt8Cosine : LeastCosine))
                throw new GenQException($"'{folder}' gives other vectors than the model, with a cosine down to {Figure(cosine)}: do not use it, and report the model.");
            double size = Directory.EnumerateFiles(folder).Sum(file => new FileInfo(file).Length) / 1e6;
            Terminal.Say(string.Create(CultureInfo.InvariantCulture, $"saved in {folder}, {size:0.0} MB; cosine with the model's own vectors at least {Figure(cosine)}"));
            return 0;
        });
        return command;
    }

    private static string ModelOf(string folder)
    {
        RunFolder run = new(folder);
        if (File.Exists(Path.Combine(run.Model, WeightFiles.SafeTensorsFile))) return run.Model;
        if (File.Exists(Path.Combine(folder, "config.json")))
            throw new GenQException($"'{folder}' is a model, not a run: give it with --model.") { Where = folder };

        // Who is no run is told so.
        _ = new RunLedger(run.Settings).Settings;
        throw new GenQException($"'{folder}' has no model yet.") { Where = run.Model, Expected = "model", Remedy = new Remedy.RunStage("train", folder) };
    }

    // The lowest cosine between what both give to the same texts.
    private static double Compare(string model, string folder)
    {
        using BiEncoder encoder = BiEncoder.Load(model, new BiEncoderOptions { Precision = Precision.Fp32 });
        using OnnxEncoder exported = OnnxEncoder.Load(folder);
        return encoder.EncodePassages(Texts).Zip(exported.EncodePassages(Texts)).Min(pair => TensorPrimitives.CosineSimilarity(pair.First, pair.Second));
    }

    private static string Figure(double cosine) => cosine.ToString("0.00000", CultureInfo.InvariantCulture);
}
