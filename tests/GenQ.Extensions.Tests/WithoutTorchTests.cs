namespace GenQ.Extensions.Tests;

public sealed class WithoutTorchTests
{
    [Fact]
    public void No_file_of_torch_is_beside_an_application_that_searches_a_run()
        => Assert.DoesNotContain(
            Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories), file => Path.GetFileName(file).Contains("torch", StringComparison.OrdinalIgnoreCase));
}
