namespace GenQ;

/// <summary>What a stage would take on this machine.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Time">How long, about.</param>
/// <param name="PeakMemory">Bytes that the process holds at most meanwhile, about.</param>
public sealed record StageEstimate(string Stage, TimeSpan Time, long PeakMemory);
