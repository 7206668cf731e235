using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;

namespace GenQ.Tests;

public sealed class RememberingEncoderTests
{
    private static readonly BiEncoderOptions Options = new() { Precision = Precision.Fp32 };

    private readonly RunState _state = new(new RunFolder("no run is read"));

    [Fact]
    public void A_list_of_texts_is_encoded_once_for_all_encoders_of_a_model()
    {
        using RememberingEncoder first = Encoder("mpnet-tiny"), second = Encoder("mpnet-tiny");
        float[][] vectors = first.EncodeQueries(["pump", "oil"]);
        Assert.Same(vectors, second.EncodeQueries(["pump", "oil"]));
        Assert.NotSame(vectors, second.EncodeQueries(["oil", "pump"]));
        Assert.NotSame(vectors, second.EncodePassages(["pump", "oil"]));
    }

    [Fact]
    public void Vectors_of_another_model_are_not_taken()
    {
        using RememberingEncoder mpnet = Encoder("mpnet-tiny"), bert = Encoder("bert-tiny");
        using BiEncoder alone = BiEncoder.Load(Folder("bert-tiny"), Options);
        mpnet.EncodeQueries(["pump"]);
        Assert.Equal(alone.EncodeQueries(["pump"]), bert.EncodeQueries(["pump"]));
    }

    [Fact]
    public void Nothing_is_loaded_where_nothing_is_asked()
    {
        using RememberingEncoder encoder = new("no model lies here", Options, _state);
        Assert.Empty(encoder.EncodePassages([]));
    }

    private static string Folder(string checkpoint) => Shared.Golden("checkpoints", checkpoint);

    private RememberingEncoder Encoder(string checkpoint) => new(Folder(checkpoint), Options, _state);
}
