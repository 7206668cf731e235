using GenQ.Retrieval;

namespace GenQ.Evaluation;

/// <summary>What adaptation changes in the mean of all kinds of queries, each counted alike.</summary>
/// <param name="ByDefault">nDCG@10 in the default search, adapted minus base.</param>
/// <param name="ByMeaning">The same searched by meaning alone.</param>
/// <param name="P">What the randomisation test says of the default search.</param>
internal sealed record PooledDifference(BootstrapInterval ByDefault, BootstrapInterval ByMeaning, double P)
{
    /// <summary>Computes it.</summary>
    /// <param name="kinds">At least one.</param>
    public static PooledDifference Of(IReadOnlyList<MeasuredKind> kinds) => new(
        PairedBootstrap.MeanOfMeans([.. kinds.Select(kind => kind.ByDefault)]),
        PairedBootstrap.MeanOfMeans([.. kinds.Select(kind => kind.ByMeaning)]),
        PairedRandomization.P([.. kinds.Select(kind => kind.ByDefault)]));
}
