namespace GenQ.Training;

/// <summary>Settings of <see cref="AdamW"/>.</summary>
internal sealed record AdamWOptions
{
    /// <summary>Decay of the running mean of gradients. The default is 0.9, as everywhere.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the running mean of squares. The default is 0.999, torch's own.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the denominator. The default is 1e-8, torch's and sentence-transformers' from 2.2.2 on.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Decoupled weight decay. The default is 0.01, as in sentence-transformers' fit().</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>
    /// Tells by its name whether a parameter is decayed. The default exempts what sentence-transformers' fit() exempts:
    /// names that contain "bias", "LayerNorm.bias" or "LayerNorm.weight".
    /// </summary>
    public Func<string, bool> Decays { get; init; } = name
        => !name.Contains("bias", StringComparison.Ordinal) && !name.Contains("LayerNorm.weight", StringComparison.Ordinal);

    /// <summary>
    /// Tells by its name whether a parameter, a matrix, moves as <see cref="Muon"/> says. The default is none. From random weights it learns from
    /// fewer texts; embeddings, of which a step sees few rows, are not for it.
    /// </summary>
    public Func<string, bool> Orthogonalizes { get; init; } = _ => false;

    /// <summary>The gradient norm, over all parameters, above which gradients are scaled down. The default is 1.</summary>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>
    /// Scales each parameter's step by the root mean square of its weights, as Adafactor does (Shazeer and Stern 2018,
    /// section 8). The default is off; a T5 from scratch needs it, because its embeddings start at a deviation of 1 and
    /// its other matrices far below.
    /// </summary>
    public bool ScaleByRms { get; init; }
}
