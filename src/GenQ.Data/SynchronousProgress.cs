namespace GenQ.Data;

/// <summary>Passes progress on at once and on the same thread; <see cref="Progress{T}"/> posts it to the thread pool, out of order.</summary>
internal sealed class SynchronousProgress<T>(Action<T> receive) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => receive(value);
}
