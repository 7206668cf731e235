namespace GenQ.Web;

/// <summary>What a generated query does in its run.</summary>
internal enum QueryUse
{
    /// <summary>The model learns from it, unless the filter drops it.</summary>
    Trains,

    /// <summary>Its passage is set aside: the run is measured on it.</summary>
    Measures,
}
