namespace GenQ;

/// <summary>How far a stage of the pipeline has come.</summary>
/// <param name="Stage">The stage where it begins and ends; while it works, what is being done, in two or three words.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 where none are counted.</param>
/// <param name="Words">A sample, a loss, a rate: what a person wants to see meanwhile. Where a stage ends, what came of it.</param>
/// <param name="Moment">What the report is about.</param>
public sealed record StageProgress(string Stage, long Done, long Total, string Words, StageMoment Moment = StageMoment.Working);
