using System.Reflection;
using GenQ.Models;
using GenQ.Onnx;

namespace GenQ.Tests.Onnx;

/// <summary>The graphs stand beside the networks in another project: what both must know is held together here.</summary>
public sealed class EncoderGraphsTests
{
    [Fact]
    public void Every_family_that_is_built_can_be_exported() => Assert.Equal(EncoderFamilies.Names.Order(), EncoderGraphs.Names.Order());

    [Fact]
    public void A_config_json_that_says_nothing_means_the_same_to_graph_and_network()
    {
        AssertSame(new MpnetConfig(), new MpnetConfig().Shape, new MpnetGraph.Config(), new MpnetGraph.Config().Sizes);
        AssertSame(new BertConfig(), new BertConfig().Shape, new BertGraph.Config(), new BertGraph.Config().Sizes);
        AssertSame(new DistilBertConfig(), new DistilBertConfig().Shape, new DistilBertGraph.Config(), new DistilBertGraph.Config().Sizes);
        AssertSame(new RobertaConfig(), new RobertaConfig().Shape, new RobertaGraph.Config(), new RobertaGraph.Config().Sizes);
    }

    [Fact]
    public void Distances_fall_into_the_same_buckets_in_graph_and_network()
        => Assert.All(Enumerable.Range(-600, 1201), distance => Assert.Equal(MpnetEncoder.Bucket(distance, 32), MpnetGraph.Bucket(distance)));

    private static void AssertSame(object network, EncoderShape shape, object graph, EncoderSizes sizes)
    {
        foreach (PropertyInfo property in graph.GetType().GetProperties().Where(property => property.CanWrite))
            Assert.Equal(network.GetType().GetProperty(property.Name)!.GetValue(network), property.GetValue(graph));
        Assert.Equal(
            (shape.HiddenSize, shape.Layers, shape.Heads, shape.InnerSize, shape.Epsilon, shape.Activation),
            (sizes.Hidden, sizes.Layers, sizes.Heads, sizes.Inner, sizes.Epsilon, sizes.Activation));
    }
}
