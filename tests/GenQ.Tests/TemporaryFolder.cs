namespace GenQ.Tests;

/// <summary>A folder that is deleted at the end of a test.</summary>
/// <param name="where">The folder that it lies in; that of the system where it is left out.</param>
internal sealed class TemporaryFolder(string? where = null) : IDisposable
{
    public string Path { get; } = where is null
        ? Directory.CreateTempSubdirectory("genq-test-").FullName
        : Directory.CreateDirectory(System.IO.Path.Combine(where, $"genq-test-{Guid.NewGuid():N}")).FullName;

    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
