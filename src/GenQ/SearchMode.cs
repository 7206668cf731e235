namespace GenQ;

/// <summary>What a ranking goes by.</summary>
public enum SearchMode
{
    /// <summary>Words and meaning: both scores, each divided by the query's best, added.</summary>
    Both,

    /// <summary>The adapted model: cosine of query and passage.</summary>
    Meaning,

    /// <summary>BM25.</summary>
    Words,
}
