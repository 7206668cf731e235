using GenQ.Data;
using GenQ.Models;

namespace GenQ.Tests.Compute;

public sealed class NativeTorchTests
{
    [Fact]
    public void A_native_that_is_not_there_is_named_with_its_system_and_its_package()
    {
        GenQException e = NativeTorch.Failure("torch_cpu", "linux-x64", "", new DllNotFoundException());
        Assert.Contains("torch_cpu of TorchSharp cannot be loaded on linux-x64: it is not beside the program.", e.Message);
        Assert.Contains("Reference the package TorchSharp-cpu", e.Message);
        Assert.Equal("torch_cpu", e.Expected);
    }

    [Fact]
    public void What_the_systems_loader_says_is_passed_on()
        => Assert.Contains("version `GLIBCXX_3.4.32' not found.", NativeTorch.Failure("LibTorchSharp", "linux-x64", "version `GLIBCXX_3.4.32' not found", new DllNotFoundException()).Message);

    [Theory]
    [InlineData("linux-arm64", "GenQ.Onnx encodes and searches without it")]
    [InlineData("win-arm64", "libtorch-cpu-win-arm64")]
    [InlineData("win-x64", "Visual C++ runtime")]
    public void Each_system_has_its_own_remedy(string system, string remedy)
        => Assert.Contains(remedy, NativeTorch.Failure("LibTorchSharp", system, "", new BadImageFormatException()).Message);

    [Fact]
    public void TorchSharps_own_refusal_is_known_also_inside_a_type_that_did_not_come_up()
    {
        Assert.True(NativeTorch.IsOfLoading(new TypeInitializationException("torch", new NotSupportedException())));
        Assert.True(NativeTorch.IsOfLoading(new TypeInitializationException("torch", new TypeInitializationException("native", new DllNotFoundException()))));
        Assert.False(NativeTorch.IsOfLoading(new TypeInitializationException("torch", new InvalidOperationException())));
        Assert.False(NativeTorch.IsOfLoading(new IOException()));
    }
}
