namespace GenQ.Retrieval;

/// <summary>What a ranking goes by.</summary>
public enum SearchMode
{
    /// <summary>Words and meaning: the z-scores of both, BM25's times the weight that the run has found for words, added.</summary>
    Both,

    /// <summary>The adapted model: cosine of query and passage.</summary>
    Meaning,

    /// <summary>BM25.</summary>
    Words,
}
