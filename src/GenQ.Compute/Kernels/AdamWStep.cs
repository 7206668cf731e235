namespace GenQ.Compute;

/// <summary>The numbers of one AdamW step.</summary>
/// <param name="GradientScale">Factor of every gradient: below 1 where the gradient norm is clipped.</param>
/// <param name="StepSize">Learning rate divided by the first moment's bias correction.</param>
/// <param name="Decay">1 − learning rate x weight decay.</param>
/// <param name="Beta1">Decay of the running mean.</param>
/// <param name="Beta2">Decay of the running mean of squares.</param>
/// <param name="VarianceCorrection">1 / sqrt(1 − Beta2^t), the second moment's bias correction.</param>
/// <param name="Epsilon">Added to the denominator.</param>
internal readonly record struct AdamWStep(
    float GradientScale, float StepSize, float Decay, float Beta1, float Beta2, float VarianceCorrection, float Epsilon);
