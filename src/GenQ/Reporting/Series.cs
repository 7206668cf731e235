namespace GenQ.Reporting;

/// <summary>What has a colour of its own wherever it is shown.</summary>
internal enum Series
{
    /// <summary>BM25.</summary>
    Words,

    /// <summary>The encoder that was adapted.</summary>
    Base,

    /// <summary>The adapted encoder.</summary>
    Adapted,
}
