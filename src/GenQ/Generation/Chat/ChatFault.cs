namespace GenQ.Generation;

/// <summary>What is wrong with a language model's answer about a passage.</summary>
internal enum ChatFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The model finds the passage unusable: a sound answer without queries.</summary>
    Unusable,

    /// <summary>It would not write.</summary>
    Refused,

    /// <summary>It wrote nothing, or left the passage out.</summary>
    Empty,

    /// <summary>What it wrote holds no queries that can be told apart.</summary>
    Malformed,

    /// <summary>It wrote fewer than were asked for.</summary>
    Fewer,

    /// <summary>It wrote in another language than the passage's.</summary>
    OtherLanguage,
}
