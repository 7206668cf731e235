using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class BaseReadingTests
{
    private static readonly QueryPassagePair[] Pairs =
    [
        new("who barks", "a dog barks"), new("what swims", "a fish swims"), new("who bites", "a dog barks"), new("a barking dog", "the dog barks"),
    ];

    [Fact]
    public void Every_passage_is_read_once()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        List<(int Done, int Total)> read = [];
        using BaseReading reading = new(Load(golden), RankingExample.Of(Pairs, 1), new SynchronousProgress<(int Done, int Total)>(read.Add), CancellationToken.None);
        Assert.Equal((3, 3), read.Max());
        Assert.Equal([0, 1, 0, 2], reading.PassageOf);
    }

    private static BiEncoder Load(EncoderGolden golden) => BiEncoder.Load(golden.Folder, new BiEncoderOptions { Precision = Precision.Fp32 });
}
