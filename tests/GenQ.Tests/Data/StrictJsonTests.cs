using System.Text;
using System.Text.Json;
using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{"a": 1, "a": 2}""")]
    [InlineData("""{"a": "\ud800"}""")]
    [InlineData("""{"\udc00": 1}""")]
    [InlineData("""{"a": """)]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("""{/* no */}""")]
    public void What_only_a_broken_file_holds_is_refused_by_the_files_name(string content)
        => Assert.Contains("'config.json' is not valid JSON", Refused(Encoding.UTF8.GetBytes(content)), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_text_are_refused() => Assert.Contains("not valid Unicode", Refused([.. "{\"a\": \""u8, 0xFF, .. "\"}"u8]), StringComparison.Ordinal);

    [Fact]
    public void Nesting_without_end_is_refused() => Assert.Contains("not valid JSON", Refused(Encoding.UTF8.GetBytes(new string('[', 10_000))), StringComparison.Ordinal);

    [Fact]
    public void A_byte_order_mark_and_whole_pairs_of_surrogates_are_read()
    {
        using JsonDocument json = StrictJson.Parse(new byte[] { 0xEF, 0xBB, 0xBF }.Concat("""{"a": "\ud83d\ude00"}"""u8.ToArray()).ToArray(), "config.json");
        Assert.Equal("\U0001F600", json.RootElement.GetProperty("a").GetString());
    }

    [Theory]
    [InlineData("null", "Null")]
    [InlineData("[]", "Array")]
    [InlineData("5", "Number")]
    public void What_is_no_object_is_named(string content, string kind)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder["config.json"], content);
        GenQException e = Assert.Throws<GenQException>(() => StrictJson.ReadObject(folder["config.json"]));
        Assert.Equal((folder["config.json"], "a JSON object", kind), (e.Where, e.Expected, e.Got));
    }

    [Fact]
    public void A_file_that_is_not_there_is_none() => Assert.Null(StrictJson.ReadObject("nowhere/config.json"));

    private static string Refused(byte[] content) => Assert.Throws<GenQException>(() => StrictJson.Parse(content, "config.json")).Message;
}
