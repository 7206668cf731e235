namespace GenQ.Documents;

/// <summary>The title of the passages of one section.</summary>
/// <param name="Text">The heading path, or <see langword="null"/> where there is none.</param>
/// <param name="Headings">How many headings it names, counted from the section upwards.</param>
/// <param name="Tokens">How many tokens it has.</param>
internal sealed record PassageTitle(string? Text, int Headings, int Tokens);
