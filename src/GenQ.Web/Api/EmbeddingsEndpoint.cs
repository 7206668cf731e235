using System.Runtime.InteropServices;
using System.Text.Json;
using GenQ.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace GenQ.Web;

/// <summary><c>POST /v1/embeddings</c>, as OpenAI's clients ask for it.</summary>
internal static class EmbeddingsEndpoint
{
    private const int MostTexts = 2048;

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/v1/embeddings", Encode)
        .AddEndpointFilter(ComputingLimit.Filter)
        .WithMetadata(new RequestSizeLimitAttribute(RequestLimits.EmbeddingsBytes))
        .WithSummary("Encodes texts with the adapted model of a run, as OpenAI's API does.")
        .WithDescription("""
            input: a text, or up to 2,048. model: the name of a run, by default the first. encoding_format: float (the default) or base64, 32-bit floats, the lowest byte first.
            input_type: query or passage, where the model has a prompt for each.
            """);

    private static Ok<Embeddings> Encode(EmbeddingsRequest request, ServedRuns runs, CancellationToken cancellation)
    {
        string[] texts = TextsOf(request.Input);
        bool isBase64 = request.EncodingFormat switch
        {
            null or "float" => false,
            "base64" => true,
            { } other => throw new Refusal(StatusCodes.Status400BadRequest, $"'encoding_format' must be float or base64, got '{other}'."),
        };
        ServedRun run = runs[request.Model];
        (float[][] vectors, int tokens) = run.Search.Use(searcher =>
        {
            ISentenceEncoder encoder = searcher.Encoder;
            if (request.Dimensions is { } asked && asked != encoder.Dimensions)
                throw new Refusal(StatusCodes.Status400BadRequest, $"'dimensions' must be {encoder.Dimensions}, which this model has, or left out; got {asked}.");
            float[][] encoded = request.InputType switch
            {
                null => encoder.Encode(texts, null, cancellation),
                "query" => encoder.EncodeQueries(texts, null, cancellation),
                "passage" => encoder.EncodePassages(texts, null, cancellation),
                { } other => throw new Refusal(StatusCodes.Status400BadRequest, $"'input_type' must be query or passage, or left out; got '{other}'."),
            };
            return (encoded, encoder is RememberingEncoder counting ? texts.Sum(counting.CountTokens) : 0);
        });
        cancellation.ThrowIfCancellationRequested();
        return TypedResults.Ok(new Embeddings(
            "list",
            [.. vectors.Select((vector, i) => new EmbeddedText("embedding", i, isBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes<float>(vector)) : vector))],
            run.Name,
            new TokenUsage(tokens, tokens)));
    }

    private static string[] TextsOf(JsonElement input)
    {
        string[] texts;
        try
        {
            texts = input switch
            {
                { ValueKind: JsonValueKind.String } => [input.GetString()!],
                { ValueKind: JsonValueKind.Array } when input.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String) => [.. input.EnumerateArray().Select(text => text.GetString()!)],
                _ => throw new Refusal(StatusCodes.Status400BadRequest, "'input' must be a text or a list of texts; numbers of tokens are not taken."),
            };
        }
        catch (InvalidOperationException e)
        {
            throw new BadHttpRequestException("'input' is not valid Unicode.", e);
        }

        return texts.Length is >= 1 and <= MostTexts
            ? texts
            : throw new Refusal(StatusCodes.Status400BadRequest, FormattableString.Invariant($"'input' must hold 1 to {MostTexts:N0} texts, got {texts.Length:N0}."));
    }
}

/// <summary>What is to be encoded.</summary>
/// <param name="Input">A text, or a list of texts.</param>
/// <param name="Model">The name of a run; the first where it is left out.</param>
/// <param name="EncodingFormat">float or base64.</param>
/// <param name="Dimensions">The length of a vector, where it is given, must be the model's.</param>
/// <param name="InputType">query or passage; neither gets no prompt.</param>
internal sealed record EmbeddingsRequest(JsonElement Input, string? Model = null, string? EncodingFormat = null, int? Dimensions = null, string? InputType = null);

/// <summary>The vectors of texts.</summary>
/// <param name="Object">Always "list".</param>
/// <param name="Data">A vector for each text, in the same order.</param>
/// <param name="Model">The run whose model has encoded them.</param>
/// <param name="Usage">What was read.</param>
internal sealed record Embeddings(string Object, IReadOnlyList<EmbeddedText> Data, string Model, TokenUsage Usage);

/// <summary>The vector of a text.</summary>
/// <param name="Object">Always "embedding".</param>
/// <param name="Index">The place of the text.</param>
/// <param name="Embedding">A list of numbers, or its 32-bit floats in base64.</param>
internal sealed record EmbeddedText(string Object, int Index, object Embedding);

/// <summary>How many tokens were read.</summary>
/// <param name="PromptTokens">Of the texts.</param>
/// <param name="TotalTokens">The same.</param>
internal sealed record TokenUsage(int PromptTokens, int TotalTokens);
