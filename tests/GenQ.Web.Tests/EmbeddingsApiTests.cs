using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using GenQ.Onnx;

namespace GenQ.Web.Tests;

public sealed class EmbeddingsApiTests
{
    [Fact]
    public async Task Texts_are_encoded_in_their_order_as_the_model_encodes_them()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonNode answer = await server.PostAsync("/v1/embeddings", """{"input": ["the pump", "a lamp"], "model": "run", "user": "me"}""");
        using OnnxEncoder encoder = OnnxEncoder.OfRun(server.Run);
        float[][] expected = encoder.Encode(["the pump", "a lamp"]);
        Assert.Equal(("list", "run"), ((string)answer["object"]!, (string)answer["model"]!));
        for (int i = 0; i < 2; i++)
        {
            JsonNode text = answer["data"]![i]!;
            Assert.Equal(("embedding", i), ((string)text["object"]!, (int)text["index"]!));
            Assert.Equal(expected[i], text["embedding"]!.AsArray().Select(value => (float)value!));
        }

        int tokens = encoder.CountTokens("the pump") + encoder.CountTokens("a lamp");
        Assert.Equal((tokens, tokens), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["total_tokens"]!));
    }

    [Fact]
    public async Task Vectors_come_in_base64_where_that_is_asked_for()
    {
        await using TestServer server = await TestServer.StartAsync();
        JsonNode plain = await server.PostAsync("/v1/embeddings", """{"input": "the pump"}""");
        JsonNode packed = await server.PostAsync("/v1/embeddings", """{"input": "the pump", "encoding_format": "base64"}""");
        float[] unpacked = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String((string)packed["data"]![0]!["embedding"]!)).ToArray();
        Assert.Equal(plain["data"]![0]!["embedding"]!.AsArray().Select(value => (float)value!), unpacked);
    }

    [Theory]
    [InlineData("""{"input": [1, 2]}""", "'input' must be a text or a list of texts; numbers of tokens are not taken.")]
    [InlineData("""{"input": []}""", "'input' must hold 1 to 2,048 texts, got 0.")]
    [InlineData("""{"input": "a", "encoding_format": "hex"}""", "'encoding_format' must be float or base64, got 'hex'.")]
    [InlineData("""{"input": "a", "dimensions": 7}""", "'dimensions' must be ")]
    [InlineData("""{"input": "a", "input_type": "poem"}""", "'input_type' must be query or passage, or left out; got 'poem'.")]
    [InlineData("""{"model": "run"}""", "The request cannot be read: ")]
    [InlineData("""{"input": """, "The request cannot be read: ")]
    public async Task What_cannot_be_encoded_is_told_with_what_can(string body, string words)
    {
        await using TestServer server = await TestServer.StartAsync();
        Assert.StartsWith(words, await TestServer.RefusedAsync(HttpStatusCode.BadRequest, server.Client.PostAsync("/v1/embeddings", TestServer.Json(body))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_2048_texts_are_refused_and_so_is_a_model_that_is_not_served()
    {
        await using TestServer server = await TestServer.StartAsync();
        string many = string.Join(',', Enumerable.Repeat("\"a\"", 2049));
        Assert.Equal("'input' must hold 1 to 2,048 texts, got 2,049.", await TestServer.RefusedAsync(HttpStatusCode.BadRequest, server.Client.PostAsync("/v1/embeddings", TestServer.Json($"{{\"input\": [{many}]}}"))));
        await TestServer.RefusedAsync(HttpStatusCode.NotFound, server.Client.PostAsync("/v1/embeddings", TestServer.Json("""{"input": "a", "model": "gpt"}""")));
    }
}
