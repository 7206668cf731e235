using System.Runtime.InteropServices;
using GenQ.Compute;
using GenQ.Data;

namespace GenQ.Models;

/// <summary>
/// Process-wide settings of the C library and of libtorch that its .NET binding does not reach. They change speed, never
/// results beyond the last digits of fp32; where a function is not found the switch is left alone.
/// </summary>
internal static partial class NativeSwitches
{
    private const string Libtorch = "libtorch_cpu";
    private static readonly Lock Gate = new();
    private static bool _done;

    /// <summary>What was switched, for <c>genq doctor</c>.</summary>
    public static IReadOnlyList<string> Applied { get; private set; } = [];

    /// <summary>Applies the switches once per process, and loads libtorch; call before the first tensor is made.</summary>
    /// <exception cref="GenQException">libtorch cannot be loaded.</exception>
    public static void Apply()
    {
        lock (Gate)
        {
            if (_done) return;
            List<string> applied = [];
            if (OperatingSystem.IsLinux())
            {
                if (NativeHeap.KeepFreed()) applied.Add("allocator keeps freed memory");
                if (WaitAwakeForMoments()) applied.Add("threads wait awake for moments only");
                if (CacheFewPrimitives()) applied.Add("small oneDNN primitive cache");
                if (NativeLibrary.TryLoad(Libtorch, typeof(TorchSharp.torch).Assembly, null, out nint libtorch))
                {
                    if (OpenMpTeam.Use(libtorch)) applied.Add("kernels on the threads of the matrix multiplications");

                    // MKL picks an AVX2 kernel on AMD: oneDNN's AVX-512 one is twice as fast there. With AMX this setting
                    // would let oneDNN compute fp32 matmuls in bf16, and AVX2-only processors gain nothing.
                    CpuFeatures cpu = CpuFeatures.Current;
                    if (cpu.Avx512 && !cpu.AmxBf16 && UseOneDnnForFp32(libtorch)) applied.Add("fp32 matrix multiplication through oneDNN");
                }
            }

            NativeTorch.Load();
            Applied = applied;
            _done = true;
        }
    }

    // GNU's OpenMP waits awake for more work through 300,000 turns, which is milliseconds. Beside another process the thread that is waited for may need that very
    // core.
    private static bool WaitAwakeForMoments()
        => Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is null && SetUnlessAsked("GOMP_SPINCOUNT", "10000");

    // oneDNN keeps what it has prepared for the last 1,024 shapes of matrix multiplications. In a training every step brings new ones, which are never seen again, and they
    // tear the memory between the large tensors to pieces: it grew with every step.
    private static bool CacheFewPrimitives() => SetUnlessAsked("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "128");

    // libtorch reads such settings when it comes in, from the C library's environment, not from .NET's.
    private static bool SetUnlessAsked(string name, string value)
        => Environment.GetEnvironmentVariable(name) is null && SetEnvironment(name, value, 0) == 0;

    // at::globalContext().setFloat32MatmulPrecision(std::string("medium")). libstdc++ lays a short string out as pointer
    // to its own buffer, length, and 16 bytes of buffer.
    private static unsafe bool UseOneDnnForFp32(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint globalContext)
            || !NativeLibrary.TryGetExport(
                library,
                "_ZN2at7Context25setFloat32MatmulPrecisionERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE",
                out nint setPrecision))
        {
            return false;
        }

        ReadOnlySpan<byte> value = "medium"u8;
        byte* text = stackalloc byte[32];
        new Span<byte>(text, 32).Clear();
        *(byte**)text = text + 16;
        *(ulong*)(text + 8) = (ulong)value.Length;
        value.CopyTo(new Span<byte>(text + 16, 16));
        nint context = ((delegate* unmanaged<nint>)globalContext)();
        ((delegate* unmanaged<nint, byte*, void>)setPrecision)(context, text);
        return true;
    }

    [LibraryImport("libc.so.6", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
