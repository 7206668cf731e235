using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// What a student learns from a teacher's vectors: to point where they point, and to find the same texts of the batch alike.
/// The first is the distance of Reimers and Gurevych 2020, "Making Monolingual Sentence Embeddings Multilingual using
/// Knowledge Distillation", by angle; the second is the divergence of Hinton et al. 2015, "Distilling the Knowledge in a
/// Neural Network", over similarities in place of classes.
/// </summary>
internal static class DistillationLoss
{
    /// <summary>
    /// What a cosine is multiplied with before the softmax: as in <see cref="MultipleNegativesRanking"/>, so that the
    /// differences that matter there matter here.
    /// </summary>
    public const double Scale = MultipleNegativesRanking.DefaultScale;

    // Takes a text out of a softmax. Infinity would: zero times infinity is not a number.
    private const double Never = -1e4;

    /// <summary>Computes the loss; all vectors are of length 1.</summary>
    /// <param name="student">(batch, width).</param>
    /// <param name="teacher">(batch, teacher's width): gives the similarities, which the projection would blur.</param>
    /// <param name="target">(batch, width): the teacher's vectors, projected.</param>
    /// <param name="cosineWeight">The weight of the distance; that of the divergence is 1.</param>
    /// <returns>The loss and the mean cosine of student and target, two scalars.</returns>
    public static (Tensor Loss, Tensor Cosine) Compute(Tensor student, Tensor teacher, Tensor target, double cosineWeight)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor cosine = (student * target).sum(1).mean();
        Tensor wanted = Similarities(teacher), found = Similarities(student);
        Tensor distance = cosine.Times(-1).Plus(1);
        Tensor divergence = Divergence(wanted, found);
        return (distance.Times(cosineWeight).Plus(divergence).MoveToOuterDisposeScope(), cosine.detach().MoveToOuterDisposeScope());
    }

    /// <summary>The Kullback-Leibler divergence of distributions from others, on the mean.</summary>
    /// <param name="wanted">(rows, choices): logarithms of the probabilities that are to be met.</param>
    /// <param name="found">(rows, choices): logarithms of those that were found.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Divergence(Tensor wanted, Tensor found)
    {
        using IDisposable scope = NewDisposeScope();
        return (wanted.exp() * wanted.Minus(found)).sum(1).mean().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The distance of all tokens' states from the teacher's: 1 − the cosine of the two matrices, each taken as one long vector, so that a
    /// state counts as much as it does in the mean that becomes the text's vector.
    /// </summary>
    /// <param name="student">(tokens, width).</param>
    /// <param name="target">(tokens, width): the teacher's states, projected.</param>
    /// <returns>A scalar.</returns>
    public static Tensor OfStates(Tensor student, Tensor target)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor cosine = (student * target).sum() / (student.norm() * target.norm());
        return cosine.Times(-1).Plus(1).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// How much of the differences between the tokens' states is missed: the squared error as a share of the target's variance. A layer's
    /// output is compared by it in the teacher's own coordinates.
    /// </summary>
    /// <param name="student">(tokens, width).</param>
    /// <param name="target">(tokens, width): the teacher's states.</param>
    /// <returns>A scalar: 0 for equal states, 1 where nothing but their mean is known.</returns>
    public static Tensor OfLayer(Tensor student, Tensor target)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor error = student.Minus(target).square().sum(), variance = target.Minus(target.mean([0])).square().sum();
        return (error / variance).MoveToOuterDisposeScope();
    }

    // (batch, width) -> (batch, batch): the logarithms of a text's probabilities among the others. A text itself is left
    // out: its cosine of 1, the same for both networks, would leave the others next to nothing of the softmax.
    private static Tensor Similarities(Tensor vectors)
    {
        Tensor self = eye(vectors.shape[0], device: vectors.device).Times(Never);
        return vectors.matmul(vectors.t()).Times(Scale).Plus(self).log_softmax(1);
    }
}
