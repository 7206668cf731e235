using GenQ.Training;
using TorchSharp;

namespace GenQ.Tests.Training;

public sealed class HardLabelsTests
{
    [Fact]
    public void Each_query_of_a_batch_has_the_number_of_its_own_passage_in_the_batch()
    {
        HardLabels labels = new([new(["a", "b"], "one"), new(["c"], "two"), new(["d", "e", "f"], "three")]);
        using torch.Tensor targets = labels.Targets([2, 0]);
        Assert.Equal([0L, 0, 0, 1, 1], targets.data<long>().ToArray());
        Assert.False(labels.MayRepeatQueries);
    }
}
