namespace GenQ.Tests;

/// <summary>Finds the goldens of this repository and the larger company that may lie beside it.</summary>
internal static class Shared
{
    /// <summary>The root of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file or folder of tests/Golden.</summary>
    public static string Golden(params string[] path) => Path.Combine([Root, "tests", "Golden", .. path]);

    /// <summary>A file or folder of ../shared; the test is skipped, saying so, where that is missing.</summary>
    public static string Company(params string[] path)
    {
        string full = Path.Combine([Path.GetDirectoryName(Root)!, "shared", .. path]);
        Assert.SkipUnless(Path.Exists(full), $"{Path.Combine(["../shared", .. path])} is not beside the project");
        return full;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GenQ.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run inside the repository.");
    }
}
