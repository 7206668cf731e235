using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Retrieval;

namespace GenQ.Tests;

public sealed class IndexPartsTests
{
    private static readonly string[] Texts = ["one text", "another text", "a third", "the fourth of them", "and the last"];

    [Fact]
    public void Encoding_that_was_stopped_goes_on_behind_the_last_whole_part()
    {
        using TemporaryFolder folder = new();
        using BiEncoder encoder = BiEncoder.Load(Shared.Golden("checkpoints", "mpnet-tiny"), new BiEncoderOptions { Precision = Precision.Fp32 });
        using CancellationTokenSource stop = new();
        SynchronousProgress<int> stopInTheSecondPart = new(done => { if (done > 2) stop.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(
            () => IndexParts.Write(folder["index"], "model", encoder, Texts, stopInTheSecondPart, stop.Token, perPart: 2));
        Assert.False(File.Exists(folder["index"]));

        // What the first part holds now could not have been computed again.
        float[] mark = new float[encoder.Dimensions];
        mark[0] = 1;
        PassageIndex.Write(folder["index.0"], "model", encoder.Dimensions, [mark, mark]);
        IndexParts.Write(folder["index"], "model", encoder, Texts, null, CancellationToken.None, perPart: 2);
        using PassageIndex index = PassageIndex.Open(folder["index"], "model");
        Assert.Equal(5, index.Count);
        Assert.Equal(mark, index[1].ToArray());
        Assert.NotEqual(mark, index[2].ToArray());
        Assert.Equal(["index"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }
}
