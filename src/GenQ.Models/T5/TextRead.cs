namespace GenQ.Models;

/// <summary>A text as the T5 reads it.</summary>
/// <param name="Key">What the draws hang on.</param>
/// <param name="Ids">Its tokens, the prefix of the task in front.</param>
/// <param name="Words">Which words may be written of any text; <see langword="null"/> for all.</param>
/// <param name="Own">Which words may be written of this text besides.</param>
internal sealed record TextRead(string Key, int[] Ids, AllowedWords? Words = null, TextWords? Own = null)
{
    /// <summary>What follows one text that is written of it; <see langword="null"/> where any word may be written.</summary>
    public WordChooser? Chooser(int endToken) => Words is null ? null : new WordChooser(Words, Own!.Root, endToken);
}
