using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>Brings a teacher's vectors to the student's width, keeping their cosines as well as a linear map can.</summary>
internal static class TeacherProjection
{
    /// <summary>Finds the projection.</summary>
    /// <param name="teacher">(texts, teacher's width), of length 1.</param>
    /// <param name="student">(texts, width): what the student says of the same texts before it learns.</param>
    /// <returns>(teacher's width, width), its columns orthonormal, fp32.</returns>
    public static Tensor Fit(Tensor teacher, Tensor student)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor known = teacher.to(ScalarType.Float64), own = student.to(ScalarType.Float64);
        long wide = known.shape[1], width = own.shape[1];

        // The principal directions of the vectors as they are, not about their mean: they keep the inner products best
        // (Eckart and Young 1936), and those are what a search compares; without the mean all cosines would be others.
        // The eigenvalues rise, so the last columns are the largest directions.
        (_, Tensor directions) = linalg.eigh(known.t().matmul(known));
        Tensor principal = directions.narrow(1, wide - width, width);

        // A rotation changes no cosine. Of all rotations the one that brings the targets nearest to the student (Schönemann
        // 1966, the orthogonal Procrustes problem) lets a student that was taught before go on from where it stands.
        (Tensor left, _, Tensor right) = linalg.svd(known.matmul(principal).t().matmul(own), fullMatrices: false);
        return principal.matmul(left.matmul(right)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
