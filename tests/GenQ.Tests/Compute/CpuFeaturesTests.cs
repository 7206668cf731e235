using GenQ.Compute;

namespace GenQ.Tests.Compute;

public sealed class CpuFeaturesTests
{
    [Theory]
    [InlineData(false, false, Precision.Fp32)]
    [InlineData(true, false, Precision.Bf16)]
    [InlineData(false, true, Precision.Bf16)]
    public void Auto_is_bf16_only_where_the_processor_multiplies_it(bool avx512Bf16, bool amxBf16, Precision expected)
        => Assert.Equal(expected, new CpuFeatures(true, true, avx512Bf16, amxBf16, false).Resolve(Precision.Auto));

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Bf16)]
    public void A_wanted_precision_is_kept(Precision wanted)
        => Assert.Equal(wanted, new CpuFeatures(true, true, true, true, true).Resolve(wanted));

    [Fact]
    public void The_features_are_those_that_the_system_lists()
    {
        if (Environment.GetEnvironmentVariable("DOTNET_EnableAVX512") == "0") Assert.Skip("AVX-512 is switched off, so the system lists more than the runtime uses.");
        Assert.SkipUnless(File.Exists("/proc/cpuinfo"), "only Linux lists the features in /proc/cpuinfo");
        string[] flags = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') ?? [];
        Assert.Equal(flags.Contains("avx512_bf16"), CpuFeatures.Current.Avx512Bf16);
        Assert.Equal(flags.Contains("avx512_vnni"), CpuFeatures.Current.Avx512Vnni);
        Assert.Equal(flags.Contains("amx_bf16"), CpuFeatures.Current.AmxBf16);
    }
}
