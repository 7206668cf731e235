using GenQ.Data;
using GenQ.Text;

namespace GenQ.Tests.Hub;

public sealed class HubOptionsTests
{
    [Fact]
    public void The_environment_decides()
    {
        HubOptions options = From(
            ("HF_ENDPOINT", "https://mirror.example/hf"), ("HF_HOME", "/home"), ("HF_TOKEN", "secret"), ("HF_HUB_OFFLINE", "true"));
        Assert.Equal(new Uri("https://mirror.example/hf"), options.Endpoint);
        Assert.Equal(Path.Combine("/home", "hub"), options.CacheFolder);
        Assert.Equal("secret", options.Token);
        Assert.True(options.Offline);
    }

    [Fact]
    public void An_empty_environment_means_the_public_hub_and_the_users_cache()
    {
        HubOptions options = From(
            ("HF_TOKEN", " "), ("HF_HUB_OFFLINE", "0"));
        Assert.Equal(new Uri("https://huggingface.co"), options.Endpoint);
        Assert.EndsWith(Path.Combine(".cache", "huggingface", "hub"), options.CacheFolder);
        Assert.Null(options.Token);
        Assert.False(options.Offline);
    }

    [Fact]
    public void The_cache_has_a_variable_of_its_own() =>
        Assert.Equal("/cache", From(("HF_HUB_CACHE", "/cache"), ("HF_HOME", "/home")).CacheFolder);

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("ftp://huggingface.co")]
    public void An_address_that_is_none_is_refused(string address) =>
        Assert.Contains(address, Assert.Throws<GenQException>(() => From(("HF_ENDPOINT", address))).Message);

    [Fact]
    public void The_token_does_not_show_when_the_options_are_printed() =>
        Assert.DoesNotContain("secret", From(("HF_TOKEN", "secret")).ToString());

    private static HubOptions From(params (string Name, string Value)[] variables) =>
        HubOptions.From(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
