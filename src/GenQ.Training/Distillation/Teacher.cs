using GenQ.Data;

namespace GenQ.Training;

/// <summary>An encoder that a student learns from.</summary>
/// <param name="Model">A folder, or a name on the hub.</param>
/// <param name="Weight">
/// What its unit vectors are multiplied with beside other teachers', a finite number above 0: a teacher of twice the weight of another counts
/// four times as much in the cosine of two texts.
/// </param>
/// <exception cref="GenQException">The weight is not above 0, or not finite.</exception>
public sealed record Teacher(string Model, double Weight = 1)
{
    /// <summary>What its unit vectors are multiplied with beside other teachers', a finite number above 0.</summary>
    public double Weight { get; } = Weight > 0 && double.IsFinite(Weight)
        ? Weight
        : throw new GenQException($"The weight of the teacher '{Model}' must be a finite number above 0, got {Weight}.");
}
