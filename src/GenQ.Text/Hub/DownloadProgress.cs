namespace GenQ.Text;

/// <summary>How far the download of a model has come.</summary>
/// <param name="File">The file on its way, by its name in the model's repository.</param>
/// <param name="Bytes">The bytes that are there, of all files together, those of an earlier, interrupted download included.</param>
/// <param name="TotalBytes">The bytes of all files together.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long TotalBytes);
