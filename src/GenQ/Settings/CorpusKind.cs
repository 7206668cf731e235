namespace GenQ;

/// <summary>What a <see cref="CorpusSource"/> names.</summary>
public enum CorpusKind
{
    /// <summary>Documents, which are split into passages.</summary>
    Documents,

    /// <summary>A SQuAD v1.1 file, whose paragraphs are the passages.</summary>
    Squad,

    /// <summary>A BEIR folder, whose corpus holds the passages.</summary>
    Beir,
}
