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

    /// <summary>A query of the same words was written for this passage before. Score: 1.</summary>
    Duplicate,

    /// <summary>A word follows itself in it, or two words come twice one after the other: a generator that has lost its thread. Score: how often.</summary>
    Repetitive,

    /// <summary>
    /// Asked of the whole corpus, it does not find its passage: the base and BM25 together find other passages first. It is vague, or asks for something else.
    /// Score: the rank of its passage; none where it is not among the first 100.
    /// </summary>
    NotFound,

    /// <summary>It points at the text that it was written for, as "this study" does: who searches has no such text before him.</summary>
    NotSelfContained,

    /// <summary>It is a stretch of its passage, which its words alone find. Score: how many words follow each other as in the passage.</summary>
    Copied,

    /// <summary>It says what a query before it says. Score: the share of both queries' words that they have in common.</summary>
    NearDuplicate,
}
