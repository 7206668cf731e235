using GenQ.Compute;

namespace GenQ.Tests.Compute;

public sealed class CpuFeaturesTests
{
    [Theory]
    [InlineData(false, false, false, Precision.Fp32)]
    [InlineData(true, false, false, Precision.Bf16)]
    [InlineData(false, true, false, Precision.Bf16)]
    [InlineData(true, false, true, Precision.Fp32)]
    [InlineData(true, true, true, Precision.Bf16)]
    public void Auto_is_bf16_only_where_that_is_faster_and_the_reason_says_so(bool avx512Bf16, bool amxBf16, bool halfRate, Precision expected)
    {
        CpuFeatures features = new(true, true, avx512Bf16, amxBf16, false, halfRate);
        Assert.Equal(expected, features.Resolve(Precision.Auto));
        Assert.StartsWith(expected.ToString().ToLowerInvariant() + ", because", features.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_wanted_precision_is_kept(Precision wanted)
        => Assert.Equal(wanted, new CpuFeatures(true, true, true, true, true, true).Resolve(wanted));

    [Fact]
    public void The_features_are_those_that_the_system_lists()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0") Assert.Skip("AVX-512 is switched off, so the system lists more than the runtime uses.");
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "only Linux lists the features in /proc/cpuinfo");
        string[] flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        Assert.Equal(flags.Contains("avx512_bf16"), CpuFeatures.Current.Avx512Bf16);
        Assert.Equal(flags.Contains("avx512_vnni"), CpuFeatures.Current.Avx512Vnni);
        Assert.Equal(flags.Contains("amx_bf16"), CpuFeatures.Current.AmxBf16);
        bool isIntel = File.ReadLines("/proc/cpuinfo").Any(line => line.EndsWith(": GenuineIntel", StringComparison.Ordinal));
        Assert.Equal(isIntel && flags.Contains("avx512_bf16") && flags.Contains("avx512_fp16"), CpuFeatures.Current.HalfRateBf16);
    }
}
