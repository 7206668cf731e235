namespace GenQ.Mcp;

/// <summary>A document as <c>list_documents</c> tells it.</summary>
/// <param name="Title">Its title; <see langword="null"/> where it has none, or the file holds several.</param>
/// <param name="File">The file, relative to the folder that was read; <see langword="null"/> for passages that came without files.</param>
/// <param name="Documents">How many documents the file holds, where these are several, as the entries of a reference are.</param>
/// <param name="Passages">How many passages it was cut into.</param>
/// <param name="FirstPassage">The id of the first.</param>
internal sealed record DocumentEntry(string? Title, string? File, int? Documents, int Passages, string FirstPassage);
