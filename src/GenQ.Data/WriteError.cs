namespace GenQ.Data;

/// <summary>Says why a file cannot be written, and what to do about it: each cause has an advice of its own.</summary>
internal static class WriteError
{
    /// <summary>The numbers that Unix gives to what a disk may say; .NET hands them on as <see cref="Exception.HResult"/>.</summary>
    public const int InputOutput = 5, NoSpace = 28, ReadOnlySystem = 30;

    private const int QuotaOfLinux = 122, QuotaOfMacOS = 69, FullDiskOfWindows = unchecked((int)0x80070070), FullHandleOfWindows = unchecked((int)0x80070027),
        ProtectedOfWindows = unchecked((int)0x80070013);

    /// <summary>Makes the error.</summary>
    /// <param name="path">The file.</param>
    /// <param name="e">What the system said.</param>
    /// <param name="more">What else is to be known, as a sentence.</param>
    public static GenQException Of(string path, Exception e, string? more = null)
        => new($"'{path}' cannot be written: {e.Message} {Advice(path, e)}{(more is null ? "" : " " + more)}", e) { Where = path };

    private static string Advice(string path, Exception e) => e.HResult switch
    {
        NoSpace or QuotaOfLinux or QuotaOfMacOS or FullDiskOfWindows or FullHandleOfWindows => "Free some space or choose another output folder.",
        ReadOnlySystem or ProtectedOfWindows => "The disk may only be read: choose another output folder.",
        InputOutput => "The disk is failing: copy what is there to another one, and go on there.",
        _ when Directory.Exists(path) => "There is a folder of that name: move it away, or choose another output folder.",
        _ when e is UnauthorizedAccessException => "You may not write there: ask for the right, or choose another output folder.",
        _ => "Look at the path, or choose another output folder.",
    };
}
