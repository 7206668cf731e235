using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Tests.Documents;

public sealed class ReferencePacksTests
{
    [Fact]
    public void An_assembly_is_found_in_the_reference_packs_of_the_sdk()
        => Assert.EndsWith("System.Text.Json.xml", Assert.Single(ReferencePacks.Expand("dotnet:System.Text.Json")), StringComparison.Ordinal);

    [Fact]
    public void A_pattern_names_several() => Assert.True(ReferencePacks.Expand("dotnet:System.Net.*").Count > 3);

    [Fact]
    public void Any_other_input_is_its_own_answer() => Assert.Equal(["docs"], ReferencePacks.Expand("docs"));

    [Fact]
    public void An_assembly_that_is_not_there_is_an_error()
        => Assert.Contains("No.Such", Assert.Throws<GenQException>(() => ReferencePacks.Expand("dotnet:No.Such")).Message, StringComparison.Ordinal);
}
