using GenQ.Data;

namespace GenQ.Tests.Data;

public sealed class DocumentBuilderTests
{
    [Theory]
    [InlineData('\t', 4)]
    [InlineData(' ', 1)]
    public void Code_keeps_its_blanks_but_not_a_page_of_them(char blank, int width)
    {
        Assert.Equal(3 * width + 2, Built(3).Length);
        Assert.Equal(InputLimits.Blanks + 2, Built(1_000_000).Length);

        string Built(int blanks)
        {
            DocumentBuilder builder = new();
            builder.AppendVerbatim($"a{new string(blank, blanks)}b");
            return builder.Build("x", null, "x")!.Text;
        }
    }
}
