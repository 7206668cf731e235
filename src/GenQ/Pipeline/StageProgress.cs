namespace GenQ;

/// <summary>How far a stage of the pipeline has come.</summary>
/// <param name="Stage">What is being done, in two or three words.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 for a message that is only to be read.</param>
/// <param name="Words">A sample, a loss, a rate: what a person wants to see meanwhile.</param>
public sealed record StageProgress(string Stage, long Done, long Total, string Words);
