using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Onnx;
using GenQ.Text;

namespace GenQ;

/// <summary>The adapted model of a run, loaded in the lightest way that there is.</summary>
public static class RunEncoder
{
    /// <summary>Opens it: the run's export, without torch, where there is one and ONNX Runtime's native library; else the model itself.</summary>
    /// <param name="run">The run folder.</param>
    /// <param name="precision">The precision of matrix multiplications. An export computes in fp32: who asks for bf16 gets the model itself.</param>
    /// <param name="quickStart">Whether to open fast and encode slower, as <see cref="OnnxEncoderOptions.QuickStart"/>, where the export is taken.</param>
    /// <exception cref="GenQException">The run has no model, a file of it is broken or not what the run has written, or its export is of an earlier one.</exception>
    public static ISentenceEncoder Open(RunFolder run, Precision precision = Precision.Auto, bool quickStart = false)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (!Directory.Exists(run.Model) && !Directory.Exists(run.Onnx))
            throw new GenQException($"'{run.Path}' has no model: finish the run first.") { Where = run.Model, Expected = "a model", Remedy = new Remedy.RunStage("run", run.Path) };
        if (precision != Precision.Bf16 && Directory.Exists(run.Onnx) && OnnxEncoder.IsSupported) return OnnxEncoder.OfRun(run, new OnnxEncoderOptions { QuickStart = quickStart });
        new RunFiles(run).RequireWritten(new RunRecords(run.Settings).Files("train"), run.Model, FileSeal.MostCheckedWhenOpened);
        return BiEncoder.Load(run.Model, new BiEncoderOptions { Precision = precision });
    }
}
