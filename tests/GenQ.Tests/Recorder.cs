namespace GenQ.Tests;

/// <summary>Reports at once and on the same thread, unlike <see cref="Progress{T}"/>.</summary>
internal sealed class Recorder<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
