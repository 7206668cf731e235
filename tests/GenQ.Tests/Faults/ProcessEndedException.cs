namespace GenQ.Tests.Faults;

/// <summary>Stands for the end of a process: nothing catches it, and nothing is written after it.</summary>
public sealed class ProcessEndedException : Exception;
