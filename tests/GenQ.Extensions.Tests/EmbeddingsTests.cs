using System.Diagnostics;
using GenQ.Data;
using GenQ.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GenQ.Extensions.Tests;

/// <summary>The model of a run inside the pipelines of Microsoft.Extensions.AI.</summary>
public sealed class EmbeddingsTests : IDisposable
{
    private readonly TinyRun _run = new("the pump");

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_or_an_export_becomes_an_embedding_generator(bool isExport)
    {
        ServiceCollection collection = new();
        collection.AddGenQEmbeddings(isExport ? _run.Run.Onnx : _run.Folder);
        using ServiceProvider services = collection.BuildServiceProvider();
        IEmbeddingGenerator<string, Embedding<float>> generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync("the pump");
        Assert.Equal(services.GetRequiredService<OnnxEncoder>().Encode(["the pump"])[0], vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_folder_that_is_neither_is_told()
    {
        ServiceCollection collection = new();
        collection.AddGenQEmbeddings(_run.Folder + "-gone");
        using ServiceProvider services = collection.BuildServiceProvider();
        Assert.StartsWith($"There is no folder '{_run.Folder}-gone'", Assert.Throws<GenQException>(services.GetRequiredService<OnnxEncoder>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_keeps_the_vectors_of_texts_that_come_again()
    {
        ServiceCollection collection = new();
        collection.AddDistributedMemoryCache().AddGenQEmbeddings(_run.Folder);
        collection.AddEmbeddingGenerator(services => new CountingGenerator(services.GetRequiredService<OnnxEncoder>())).UseDistributedCache();
        using ServiceProvider services = collection.BuildServiceProvider();
        IEmbeddingGenerator<string, Embedding<float>> generator = services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>();
        GeneratedEmbeddings<Embedding<float>> first = await generator.GenerateAsync(["the pump", "the valve"]), second = await generator.GenerateAsync(["the pump", "the lamp"]);
        Assert.Equal(["the pump", "the valve", "the lamp"], generator.GetService<CountingGenerator>()!.Asked);
        Assert.Equal(first[0].Vector.ToArray(), second[0].Vector.ToArray());
        Assert.Equal(services.GetRequiredService<OnnxEncoder>().Encode(["the lamp"])[0], second[1].Vector.ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public async Task Telemetry_tells_the_model_and_the_dimensions()
    {
        const string name = "GenQ.Extensions.Tests.Embeddings";
        List<Activity> spans = [];
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        ServiceCollection collection = new();
        collection.AddGenQEmbeddings(_run.Folder).AddEmbeddingGenerator(services => services.GetRequiredService<OnnxEncoder>()).UseOpenTelemetry(sourceName: name);
        using ServiceProvider services = collection.BuildServiceProvider();
        await services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["the pump"]);
        Activity span = Assert.Single(spans);
        Assert.Equal("embeddings mpnet-tiny", span.DisplayName);
        Assert.Equal(("genq", "32"), (span.GetTagItem("gen_ai.provider.name"), $"{span.GetTagItem("gen_ai.embeddings.dimension.count")}"));
    }

    [Fact]
    public async Task Logging_tells_each_call()
    {
        using CollectedLog log = new();
        ServiceCollection collection = new();
        collection.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace));
        collection.AddGenQEmbeddings(_run.Folder).AddEmbeddingGenerator(services => services.GetRequiredService<OnnxEncoder>()).UseLogging();
        using ServiceProvider services = collection.BuildServiceProvider();
        await services.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>().GenerateAsync(["the pump"]);
        Assert.Contains(log.Lines, line => line.Message.Contains("GenerateAsync generated 1 embedding", StringComparison.Ordinal));
    }

    private sealed class CountingGenerator(IEmbeddingGenerator<string, Embedding<float>> inner) : DelegatingEmbeddingGenerator<string, Embedding<float>>(inner)
    {
        public List<string> Asked { get; } = [];

        public override Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            Asked.AddRange(values);
            return base.GenerateAsync(values, options, cancellationToken);
        }
    }
}
