using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GenQ.Data;
using TorchSharp;

namespace GenQ.Models;

/// <summary>Brings libtorch in, and says what to do where it does not come.</summary>
internal static class NativeTorch
{
    // Those that TorchSharp-cpu brings natives for; of win-arm64 it has TorchSharp's own alone.
    private static readonly string[] Systems = ["linux-x64", "osx-arm64", "win-x64"];

    /// <summary>Loads the native libraries, before the first tensor.</summary>
    /// <exception cref="GenQException">One of them is not there, or not one for this system.</exception>
    public static void Load()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
            _ = torch.get_num_threads();
        }
        catch (Exception e) when (IsOfLoading(e))
        {
            (string name, string reason) = FirstThatFails();
            throw Failure(name, ThisSystem(), reason, e);
        }
    }

    /// <summary>Whether an exception is about a native library that did not come in.</summary>
    internal static bool IsOfLoading(Exception? exception) => exception switch
    {
        DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or NotSupportedException => true,
        TypeInitializationException => IsOfLoading(exception.InnerException),
        _ => false,
    };

    /// <summary>Which library is missing, for which system, and which package has it.</summary>
    /// <param name="library">The library.</param>
    /// <param name="system">The system, as .NET names it.</param>
    /// <param name="reason">What the system's loader says; empty where it finds no such file.</param>
    /// <param name="cause">What was caught.</param>
    internal static GenQException Failure(string library, string system, string reason, Exception cause)
    {
        string remedy = system switch
        {
            _ when Systems.Contains(system) => $"Reference the package TorchSharp-cpu in the application, and build it for {system}.",
            "win-arm64" => "Reference the packages TorchSharp-cpu and libtorch-cpu-win-arm64 in the application.",
            _ => $"TorchSharp has none for {system}, only for {string.Join(", ", Systems)}. GenQ.Onnx encodes and searches without it.",
        };
        if (system.StartsWith("win-", StringComparison.Ordinal)) remedy += " It needs the Visual C++ runtime of Visual Studio 2022, which Windows does not bring.";
        string said = reason.Length == 0 ? "it is not beside the program." : $"{reason.TrimEnd('.')}.";
        return new GenQException($"The native library {library} of TorchSharp cannot be loaded on {system}: {said} {remedy}", cause)
        {
            Where = AppContext.BaseDirectory,
            Expected = library,
        };
    }

    // TorchSharp keeps the loader's words to itself. libtorch comes first: TorchSharp's own library needs it.
    private static (string Name, string Reason) FirstThatFails()
    {
        foreach (string name in (string[])["torch_cpu", "LibTorchSharp"])
        {
            try
            {
                NativeLibrary.Load(name, typeof(torch).Assembly, null);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                return (name, Reason(e.Message));
            }
        }

        return ("LibTorchSharp", "");
    }

    // The loader tells of every place where it looked; what matters is the file that was there and would not load.
    private static string Reason(string message) => message.Split('\n').Skip(1).Select(line => line.Trim())
        .FirstOrDefault(line => line.Length > 0 && !line.Contains("No such file", StringComparison.OrdinalIgnoreCase)) ?? "";

    private static string ThisSystem()
    {
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : OperatingSystem.IsLinux() ? "linux" : RuntimeInformation.RuntimeIdentifier;
        return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }
}
