namespace GenQ.Retrieval;

/// <summary>
/// The suffix stripper of M. F. Porter, "An algorithm for suffix stripping" (1980), with the two changes of its author's
/// own program, which Lucene has too: "bli" in place of "abli", and "logi" to "log".
/// </summary>
internal static class PorterStemmer
{
    // In a step the longest suffix that fits decides, whether its rule then applies or not: longer ones stand before their own ends.
    private static readonly (string Suffix, string Replacement)[] Step2 =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
    ];

    private static readonly (string Suffix, string Replacement)[] Step3 =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly (string Suffix, string Replacement)[] Step4 =
    [
        ("al", ""), ("ance", ""), ("ence", ""), ("er", ""), ("ic", ""), ("able", ""), ("ible", ""), ("ant", ""), ("ement", ""),
        ("ment", ""), ("ent", ""), ("ion", ""), ("ou", ""), ("ism", ""), ("ate", ""), ("iti", ""), ("ous", ""), ("ive", ""), ("ize", ""),
    ];

    /// <summary>Turns a lower-cased word into its stem, in place.</summary>
    /// <returns>The length of the stem, at most the word's.</returns>
    public static int Stem(Span<char> word)
    {
        int length = word.Length;
        if (length <= 2) return length;
        RemovePlural(word, ref length);
        RemovePastAndProgressive(word, ref length);
        if (word[..length] is [.. var stem, 'y'] && HasVowel(stem)) word[length - 1] = 'i'; // step 1c
        Apply(Step2, 0, word, ref length);
        Apply(Step3, 0, word, ref length);
        Apply(Step4, 1, word, ref length);
        RemoveFinalE(word, ref length);
        if (word[..length] is [.., 'l', 'l'] && Measure(word[..length]) > 1) length--; // step 5b
        return length;
    }

    // Step 1a: caresses -> caress, ponies -> poni, cats -> cat.
    private static void RemovePlural(ReadOnlySpan<char> word, ref int length)
    {
        if (word[..length] is [.., 's', 's', 'e', 's'] or [.., 'i', 'e', 's']) length -= 2;
        else if (word[..length] is [.., not 's', 's']) length--;
    }

    // Step 1b: agreed -> agree, plastered -> plaster, conflated -> conflate, hopping -> hop, filing -> file.
    private static void RemovePastAndProgressive(Span<char> word, ref int length)
    {
        ReadOnlySpan<char> all = word[..length];
        if (all.EndsWith("eed"))
        {
            if (Measure(all[..^3]) > 0) length--;
            return;
        }

        int ending = all.EndsWith("ed") ? 2 : all.EndsWith("ing") ? 3 : 0;
        if (ending == 0 || !HasVowel(all[..^ending])) return;
        length -= ending;
        ReadOnlySpan<char> stem = word[..length];
        if (stem.EndsWith("at") || stem.EndsWith("bl") || stem.EndsWith("iz")) word[length++] = 'e';
        else if (EndsInDoubleConsonant(stem)) length -= stem[^1] is 'l' or 's' or 'z' ? 0 : 1;
        else if (Measure(stem) == 1 && EndsInShortSyllable(stem)) word[length++] = 'e';
    }

    // Step 5a: probate -> probat, rate -> rate, cease -> ceas.
    private static void RemoveFinalE(ReadOnlySpan<char> word, ref int length)
    {
        if (word[..length] is not [.. var stem, 'e']) return;
        int measure = Measure(stem);
        if (measure > 1 || (measure == 1 && !EndsInShortSyllable(stem))) length--;
    }

    // Replaces the suffix when the measure of what stands before it is above `minimum`.
    private static void Apply((string Suffix, string Replacement)[] rules, int minimum, Span<char> word, ref int length)
    {
        foreach ((string suffix, string replacement) in rules)
        {
            if (!word[..length].EndsWith(suffix)) continue;
            ReadOnlySpan<char> stem = word[..(length - suffix.Length)];
            bool isAllowed = suffix != "ion" || stem is [.., 's' or 't'];
            if (!isAllowed || Measure(stem) <= minimum) return;
            replacement.CopyTo(word[stem.Length..]);
            length = stem.Length + replacement.Length;
            return;
        }
    }

    // m in Porter's form [C](VC)^m[V]: how often a consonant follows a vowel.
    private static int Measure(ReadOnlySpan<char> stem)
    {
        int measure = 0;
        bool afterVowel = false;
        for (int i = 0; i < stem.Length; i++)
        {
            bool isVowel = !IsConsonant(stem, i);
            if (afterVowel && !isVowel) measure++;
            afterVowel = isVowel;
        }

        return measure;
    }

    private static bool HasVowel(ReadOnlySpan<char> stem)
    {
        for (int i = 0; i < stem.Length; i++)
            if (!IsConsonant(stem, i)) return true;
        return false;
    }

    private static bool EndsInDoubleConsonant(ReadOnlySpan<char> stem) =>
        stem.Length >= 2 && stem[^1] == stem[^2] && IsConsonant(stem, stem.Length - 1);

    // *o: consonant, vowel, consonant, the last not w, x or y.
    private static bool EndsInShortSyllable(ReadOnlySpan<char> stem) =>
        stem.Length >= 3 && stem[^1] is not ('w' or 'x' or 'y')
        && IsConsonant(stem, stem.Length - 1) && !IsConsonant(stem, stem.Length - 2) && IsConsonant(stem, stem.Length - 3);

    private static bool IsConsonant(ReadOnlySpan<char> word, int index) => word[index] switch
    {
        'a' or 'e' or 'i' or 'o' or 'u' => false,
        'y' => index == 0 || !IsConsonant(word, index - 1),
        _ => true,
    };
}
