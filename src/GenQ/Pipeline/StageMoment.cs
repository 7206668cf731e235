namespace GenQ;

/// <summary>What a report of the pipeline's progress is about.</summary>
public enum StageMoment
{
    /// <summary>A part of a stage has come so far.</summary>
    Working,

    /// <summary>There is something to read, and nothing else.</summary>
    Said,

    /// <summary>A stage begins to make its output.</summary>
    Begun,

    /// <summary>A stage has made its output.</summary>
    Finished,

    /// <summary>The output of a stage was there, and nothing is to be done.</summary>
    WasThere,
}
