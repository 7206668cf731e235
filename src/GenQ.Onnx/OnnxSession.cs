using GenQ.Data;
using Microsoft.ML.OnnxRuntime;

namespace GenQ.Onnx;

/// <summary>Opens sessions of ONNX Runtime, and turns what can go wrong into words.</summary>
internal static class OnnxSession
{
    private static readonly Lazy<bool> Found = new(IsLibraryThere);

    /// <summary>Whether ONNX Runtime's native library is there and can be loaded.</summary>
    public static bool IsSupported => Found.Value;

    /// <summary>Loads a graph and its weights.</summary>
    /// <param name="file">The graph.</param>
    /// <param name="threads">Threads of one run; as many as there are cores when left out.</param>
    /// <param name="quickStart">Whether weights stay as the file has them, rather than to be laid out for fast multiplication.</param>
    /// <exception cref="GenQException">ONNX Runtime's native library cannot be loaded, or it cannot load the graph.</exception>
    public static InferenceSession Open(string file, int? threads = null, bool quickStart = false)
    {
        try
        {
            using SessionOptions options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, EnableMemoryPattern = false };
            if (threads is { } count) options.IntraOpNumThreads = count;

            // Where bytes are multiplied without VNNI, sums of signed and unsigned ones overflow, unless this asks for the exact way.
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
            if (quickStart) options.AddSessionConfigEntry("session.disable_prepacking", "1");
            OrtEnv.Instance().DisableTelemetryEvents();
            return new InferenceSession(file, options);
        }
        catch (Exception e) when (MissingLibrary(e) is { } cause)
        {
            throw new GenQException(
                $"The native library of ONNX Runtime cannot be loaded: {cause.Message.ReplaceLineEndings(" ")} "
                + "Reference the package Microsoft.ML.OnnxRuntime in the application, and publish it for this system and processor.",
                e)
            {
                Where = AppContext.BaseDirectory,
                Expected = "onnxruntime",
            };
        }
        catch (OnnxRuntimeException e)
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
            throw OnnxDescription.Failure(
                folder, file, $"ONNX Runtime cannot load '{file}': {e.Message.Trim()} Export the encoder again, or use a newer ONNX Runtime.", cause: e);
        }
    }

    private static bool IsLibraryThere()
    {
        try
        {
            OrtEnv.Instance();
            return true;
        }
        catch (Exception e) when (MissingLibrary(e) is not null)
        {
            return false;
        }
    }

    /// <summary>What kept a native library from being loaded, where that is what an exception is about.</summary>
    internal static Exception? MissingLibrary(Exception? exception) => exception switch
    {
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException => exception,
        TypeInitializationException => MissingLibrary(exception.InnerException),
        _ => null,
    };
}
