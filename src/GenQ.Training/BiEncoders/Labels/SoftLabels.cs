using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Each passage is right as far as the base and BM25 together find it. The base is a guide model as in Solatorio 2024, "GISTEmbed: Guided
/// In-sample Selection of Training Negatives for Text Embedding Fine-tuning"; in place of leaving passages out, its scores are what is
/// learned (Hinton et al. 2015).
/// </summary>
/// <param name="examples">The examples of the training.</param>
/// <param name="reading">Their passages as the base reads them; it stays the caller's, who keeps it as long as the labels.</param>
/// <param name="words">Their words.</param>
internal sealed class SoftLabels(RankingExample[] examples, BaseReading reading, BatchWords words) : ILabels
{
    // What a unit of BM25 counts for beside the scaled cosine: the two differ by about as much between a good passage and a poor one.
    private const double WordsWeight = 1;

    /// <inheritdoc/>
    public string Description => "a passage is right as far as the base's scores and BM25 say together";

    /// <inheritdoc/>
    public bool MayRepeatQueries => true;

    /// <summary>How much each passage of a batch answers each query: the scaled cosine and BM25, added.</summary>
    /// <param name="batch">Indices of examples.</param>
    /// <returns>(queries of the batch, passages of the batch) scores, as those of <see cref="MultipleNegativesRanking.Scores"/>.</returns>
    public Tensor Targets(int[] batch)
    {
        using IDisposable scope = NewDisposeScope();
        string[] asked = [.. batch.SelectMany(example => examples[example].Queries)];
        int[] passages = [.. batch.Select(example => reading.PassageOf[example])];
        Tensor queries = UnitVectors.Of(reading.Base.EncodeQueries(asked));
        Tensor cosines = queries.matmul(reading.Vectors.index_select(0, tensor(passages)).t());
        return cosines.Times(MultipleNegativesRanking.DefaultScale)
            .Plus(words.Scores(batch).Times(WordsWeight)).MoveToOuterDisposeScope();
    }
}
