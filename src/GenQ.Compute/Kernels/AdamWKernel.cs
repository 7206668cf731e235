using System.Numerics;

namespace GenQ.Compute;

/// <summary>One AdamW update over spans, in one pass through memory instead of torch's ten.</summary>
internal static class AdamWKernel
{
    /// <summary>
    /// Updates weights and both moments in place: decay first, then Adam, as <c>torch.optim.AdamW</c> does
    /// (Loshchilov and Hutter 2019, algorithm 2).
    /// </summary>
    /// <param name="weights">fp32 weights.</param>
    /// <param name="gradients">Gradients of the same length.</param>
    /// <param name="mean">Running mean of the gradients.</param>
    /// <param name="variance">Running mean of their squares.</param>
    /// <param name="step">The numbers of this step.</param>
    public static void Update(Span<float> weights, ReadOnlySpan<float> gradients, Span<float> mean, Span<float> variance, in AdamWStep step)
    {
        int width = Vector<float>.Count, i = 0;
        Vector<float> scale = new(step.GradientScale), decay = new(step.Decay), stepSize = new(step.StepSize);
        Vector<float> keep1 = new(step.Beta1), add1 = new(1 - step.Beta1), keep2 = new(step.Beta2), add2 = new(1 - step.Beta2);
        Vector<float> correction = new(step.VarianceCorrection), epsilon = new(step.Epsilon);
        for (; i <= weights.Length - width; i += width)
        {
            Vector<float> g = new Vector<float>(gradients[i..]) * scale;
            Vector<float> m = new Vector<float>(mean[i..]) * keep1 + g * add1;
            Vector<float> v = new Vector<float>(variance[i..]) * keep2 + g * g * add2;
            Vector<float> w = new Vector<float>(weights[i..]) * decay - stepSize * m / (Vector.SquareRoot(v) * correction + epsilon);
            m.CopyTo(mean[i..]);
            v.CopyTo(variance[i..]);
            w.CopyTo(weights[i..]);
        }

        for (; i < weights.Length; i++)
        {
            float g = gradients[i] * step.GradientScale;
            mean[i] = mean[i] * step.Beta1 + g * (1 - step.Beta1);
            variance[i] = variance[i] * step.Beta2 + g * g * (1 - step.Beta2);
            weights[i] = weights[i] * step.Decay
                - step.StepSize * mean[i] / (MathF.Sqrt(variance[i]) * step.VarianceCorrection + step.Epsilon);
        }
    }
}
