namespace GenQ.Data;

/// <summary>Where the query of a pair comes from.</summary>
public enum PairKind
{
    /// <summary>A model wrote it.</summary>
    Generated,

    /// <summary>It is a span of the passage itself (the inverse cloze task).</summary>
    Cropped,
}
