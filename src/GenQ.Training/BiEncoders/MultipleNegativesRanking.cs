using GenQ.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GenQ.Training;

/// <summary>
/// The multiple-negatives ranking loss: each query must find its own passage among all passages of the batch.
/// Henderson et al. 2017, "Efficient Natural Language Response Suggestion for Smart Reply", section 4.4; numbers as in
/// sentence-transformers' <c>MultipleNegativesRankingLoss.py</c>.
/// </summary>
/// <remarks>
/// No negative passages are needed, but larger batches make it harder and better, and a passage may occur only once in a
/// batch: <see cref="NoDuplicatesSampler"/>. One direction only, from query to passage, so a passage may have several queries.
/// </remarks>
internal static class MultipleNegativesRanking
{
    /// <summary>What a cosine is multiplied with before the softmax: a temperature of 0.05.</summary>
    public const double DefaultScale = 20;

    /// <summary>Computes the loss: the mean cross-entropy of the rows of <see cref="Scores"/>, where passage i answers query i.</summary>
    /// <param name="queries">(batch, hidden).</param>
    /// <param name="passages">(batch or more, hidden): passage i belongs to query i; further ones belong to no query.</param>
    /// <param name="scale">The factor of the cosines.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Loss(Tensor queries, Tensor passages, double scale = DefaultScale)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor own = tensor([.. Enumerable.Range(0, (int)queries.shape[0]).Select(i => (long)i)]);
        return Loss(queries, passages, own, scale).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The same for other targets. These are the numbers of the right passages or, where a query may have several answers, scores of all
    /// passages. With scores the loss is the divergence of the softmax of each row of <see cref="Scores"/> from that of the targets, as in
    /// Hinton et al. 2015, "Distilling the Knowledge in a Neural Network".
    /// </summary>
    /// <param name="queries">(queries, hidden).</param>
    /// <param name="passages">(passages, hidden).</param>
    /// <param name="targets">
    /// (queries), int64: the number of each query's passage; or (queries, passages), floats: the scores that are to be learned.
    /// </param>
    /// <param name="scale">The factor of the cosines.</param>
    /// <returns>A scalar. With scores it is 0 where those found differ from the targets by a number for each row.</returns>
    public static Tensor Loss(Tensor queries, Tensor passages, Tensor targets, double scale = DefaultScale)
    {
        using IDisposable scope = NewDisposeScope();
        return LossOfScores(Scores(queries, passages, scale), targets).MoveToOuterDisposeScope();
    }

    /// <summary>The same for scores that are known already.</summary>
    /// <param name="scores">(queries, passages).</param>
    /// <param name="targets">As above.</param>
    /// <returns>A scalar.</returns>
    public static Tensor LossOfScores(Tensor scores, Tensor targets)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor loss = targets.dtype == ScalarType.Int64
            ? functional.cross_entropy(scores, targets)
            : DistillationLoss.Divergence(targets.log_softmax(1), scores.log_softmax(1));
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Computes the cosine of each query with each passage, times <paramref name="scale"/>.</summary>
    /// <returns>(queries, passages).</returns>
    public static Tensor Scores(Tensor queries, Tensor passages, double scale = DefaultScale)
    {
        using IDisposable scope = NewDisposeScope();
        return UnitVectors.Of(queries).matmul(UnitVectors.Of(passages).t()).Times(scale).MoveToOuterDisposeScope();
    }
}
