namespace GenQ.Documents;

/// <summary>A stretch of text that no passage cuts: a heading, a sentence, or a part of an overlong one.</summary>
/// <param name="Start">Offset of its first character in the document.</param>
/// <param name="End">Offset after its last character.</param>
/// <param name="Section">The section it stands in, as an index of <see cref="SectionTree"/>.</param>
/// <param name="IsHeading">Whether it is its section's heading.</param>
/// <param name="Words">How many words it has.</param>
/// <param name="Tokens">How many tokens it has; 0 where tokens are not counted.</param>
/// <param name="After">What ends with it.</param>
internal readonly record struct TextUnit(int Start, int End, int Section, bool IsHeading, int Words, int Tokens, TextBreak After);
