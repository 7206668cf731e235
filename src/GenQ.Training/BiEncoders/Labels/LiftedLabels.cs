using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// What <see cref="SoftLabels"/> say, but that no passage is more right than the query's own: the generator wrote the query for it, which the base
/// and BM25 do not know.
/// </summary>
/// <param name="examples">The examples of the training.</param>
/// <param name="soft">What the base and BM25 say.</param>
internal sealed class LiftedLabels(RankingExample[] examples, SoftLabels soft) : ILabels
{
    // By how much the own passage is better than the best of the others, in scaled cosines: seven times as likely.
    private const double Margin = 2;

    // More than any score.
    private const double Never = 1e4;

    /// <inheritdoc/>
    public string Description => "a query's own passage is the best, the others are right as far as the base's scores and BM25 say together";

    /// <inheritdoc/>
    public bool MayRepeatQueries => true;

    /// <inheritdoc/>
    public Tensor Targets(int[] batch)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor scores = soft.Targets(batch), own = HardLabels.OwnPassages(examples, batch).unsqueeze(1);
        Tensor isOwn = zeros_like(scores).scatter(1, own, ones_like(scores));
        Tensor best = scores.Minus(isOwn.Times(Never)).amax([1], keepdim: true);
        return scores.Plus(isOwn * best.Plus(Margin).Minus(scores)).MoveToOuterDisposeScope();
    }
}
