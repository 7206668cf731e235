using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace GenQ.Compute;

/// <summary>What this processor can multiply, read from CPUID: never from a timing, so that a resumed run chooses alike.</summary>
/// <param name="Avx2">256-bit vectors with fused multiply-add.</param>
/// <param name="Avx512">512-bit vectors (F, BW, DQ and VL).</param>
/// <param name="Avx512Bf16">bf16 dot products in 512-bit vectors.</param>
/// <param name="AmxBf16">bf16 matrix tiles.</param>
/// <param name="Avx512Vnni">Dot products of bytes, summed in 32 bits, in 512-bit vectors.</param>
/// <param name="HalfRateBf16">
/// AVX512_BF16 multiplies half as much as fp32 in the same time, not twice as much: Intel's processors since Sapphire Rapids, whose fast bf16 is
/// AMX. A hypervisor may hide that.
/// </param>
public sealed record CpuFeatures(bool Avx2, bool Avx512, bool Avx512Bf16, bool AmxBf16, bool Avx512Vnni, bool HalfRateBf16)
{
    // "Genu", the first four letters of the maker's name.
    private const int Intel = 0x756E6547;

    /// <summary>The features of the processor this process runs on.</summary>
    public static CpuFeatures Current { get; } = Read();

    /// <summary>The name the maker gave the processor; the architecture where the processor does not tell its name.</summary>
    public static string ProcessorName { get; } = ReadName();

    /// <summary>Whether the processor multiplies bf16 at all; others emulate it, a hundred times slower than fp32.</summary>
    public bool MultipliesBf16 => Avx512Bf16 || AmxBf16;

    /// <summary>Chooses the precision of a run.</summary>
    /// <returns><paramref name="wanted"/>, with <see cref="Precision.Auto"/> resolved to the faster of bf16 and fp32.</returns>
    public Precision Resolve(Precision wanted) => wanted switch
    {
        Precision.Auto => AmxBf16 || (Avx512Bf16 && !HalfRateBf16) ? Precision.Bf16 : Precision.Fp32,
        _ => wanted,
    };

    /// <summary>Says in a sentence what <see cref="Resolve"/> chooses for <see cref="Precision.Auto"/> and why.</summary>
    public string Reason => (AmxBf16, Avx512Bf16, HalfRateBf16) switch
    {
        (true, _, _) => "bf16, because the processor has AMX_BF16",
        (_, true, true) => "fp32, because the processor's AVX512_BF16 is half as fast and its AMX_BF16, if it has one, is hidden",
        (_, true, _) => "bf16, because the processor has AVX512_BF16",
        _ => "fp32, because the processor has neither AVX512_BF16 nor AMX_BF16 and would emulate bf16 slowly",
    };

    // Leaves 0x80000002 to 0x80000004 hold the name, 16 characters each (Intel SDM, CPUID).
    private static string ReadName()
    {
        const int FirstLeaf = unchecked((int)0x80000002), LastLeaf = unchecked((int)0x80000004);
        string unnamed = RuntimeInformation.ProcessArchitecture.ToString();
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)0x80000000), 0).Eax < unchecked((uint)LastLeaf)) return unnamed;
        List<int> words = [];
        for (int leaf = FirstLeaf; leaf <= LastLeaf; leaf++)
        {
            (int eax, int ebx, int ecx, int edx) = X86Base.CpuId(leaf, 0);
            words.AddRange([eax, ebx, ecx, edx]);
        }

        string name = Encoding.ASCII.GetString(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(words))).Replace('\0', ' ').Trim();
        return name.Length > 0 ? name : unnamed;
    }

    private static CpuFeatures Read()
    {
        if (!X86Base.IsSupported) return new(false, false, false, false, false, false);

        // Leaf 7: sub-leaf 0 EDX bit 22 is AMX_BF16, bit 23 AVX512_FP16 and ECX bit 11 AVX512_VNNI, sub-leaf 1 EAX bit 5 is AVX512_BF16 (Intel SDM, CPUID).
        (int maxLeaf, int maker, _, _) = X86Base.CpuId(0, 0);
        bool bf16 = false, amx = false, vnni = false, fp16 = false;
        if (maxLeaf >= 7)
        {
            (int maxSubLeaf, _, int ecx, int edx) = X86Base.CpuId(7, 0);
            amx = (edx & (1 << 22)) != 0;
            vnni = (ecx & (1 << 11)) != 0;
            fp16 = (edx & (1 << 23)) != 0;
            if (maxSubLeaf >= 1)
            {
                (int eax, _, _, _) = X86Base.CpuId(7, 1);
                bf16 = (eax & (1 << 5)) != 0;
            }
        }

        // The operating system must save the wide registers too; .NET has checked that for AVX-512.
        bool avx512 = Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;

        // Cooper Lake, Intel's only processor with fast AVX512_BF16, has no AVX512_FP16; all since have.
        bool halfRate = bf16 && avx512 && fp16 && maker == Intel;
        return new(
            System.Runtime.Intrinsics.X86.Avx2.IsSupported && Fma.IsSupported, avx512, bf16 && avx512, amx && avx512, vnni && avx512, halfRate);
    }
}
