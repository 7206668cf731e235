namespace GenQ.Filtering;

/// <summary>Whether a pair is trained on.</summary>
public enum PairVerdict
{
    /// <summary>It is.</summary>
    Kept,

    /// <summary>Its query has no words, or its passage none.</summary>
    Empty,

    /// <summary>Its query is a single word, which many passages answer.</summary>
    OneWord,

    /// <summary>The same query was written for this passage before.</summary>
    Duplicate,
}
