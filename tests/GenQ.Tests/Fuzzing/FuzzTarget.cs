namespace GenQ.Tests.Fuzzing;

/// <summary>A parser that strangers' bytes reach.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Seeds">Valid inputs.</param>
/// <param name="Read">Reads an input; a folder for files is given. What is wrong is a <see cref="GenQ.Data.GenQException"/>, anything else a finding.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[], TemporaryFolder> Read)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
