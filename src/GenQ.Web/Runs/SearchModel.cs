namespace GenQ.Web;

/// <summary>Which model a search asks.</summary>
internal enum SearchModel
{
    /// <summary>The one that the run has adapted.</summary>
    Adapted,

    /// <summary>The one that it began with.</summary>
    Base,
}
