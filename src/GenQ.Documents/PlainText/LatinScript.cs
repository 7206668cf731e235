namespace GenQ.Documents;

/// <summary>Tells whether text in Latin letters reads as some language does, or as the bytes of another encoding would.</summary>
internal static class LatinScript
{
    /// <summary>The letters beyond ASCII of the languages that Windows-1252 was made for.</summary>
    public static readonly string[] Western =
    [
        "äöüß", "àâæçèéêëîïôœùûüÿ", "áéíñóúüïç", "áâãàçéêíóôõúü", "àèéìíîòóùú", "áâäçèéêëíïîóôöúûü", "æøåéèêóòôöüä", "åäöéàü",
        "áðéíóúýþæö", "àçéèíïóòúü",
    ];

    /// <summary>Those of the languages of central Europe and the Baltic, and of Turkish.</summary>
    public static readonly string[] Eastern =
    [
        "ąćęłńóśźż", "áčďéěíňóřšťúůýžöü", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţșț", "ëç", "çğıİöşüâîû", "ąčęėįšųūž",
        "āčēģīķļņōŗšūž", "äöüõšž",
    ];

    /// <summary>Those of Vietnamese, whose tones are marks of their own.</summary>
    public static readonly string[] Vietnamese = ["àáâãăđèéêìíòóôơõùúưý"];

    private const int NamesOnly = 80;

    // Common words in ASCII, which look the same in every encoding; none that both groups have.
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> WesternWords = new HashSet<string>(
        StringComparer.OrdinalIgnoreCase)
    {
        "the", "of", "and", "for", "with", "that", "this", "le", "les", "des", "et", "est", "dans", "pour", "sur", "avec",
        "der", "die", "und", "ist", "nicht", "mit", "den",
        "von", "auf", "los", "las", "del", "por", "con", "para", "como", "il", "che", "di", "per", "non", "della", "sono",
        "os", "uma", "com", "em", "het", "een", "niet",
        "voor", "og", "det", "er", "ikke", "til", "och", "att", "inte", "av", "en",
        "une", "que",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> EasternWords = new HashSet<string>(
        StringComparer.OrdinalIgnoreCase)
    {
        "w", "z", "nie", "jest", "oraz", "przez", "dla", "lub", "nebo", "ze", "az", "nem", "hogy", "egy", "vagy", "csak",
        "za", "od", "ili", "kao", "cu", "pe", "este", "sau", "pentru", "sunt", "prin",
        "ve", "bir", "bu", "ile", "olarak", "veya", "ir", "yra", "kad", "kaip", "uz", "kui", "ning", "dhe",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Above 0 where there are more common words of Western languages than of Eastern ones, below 0 where there are fewer.
    /// </summary>
    public static int Tendency(string text)
    {
        int tendency = 0;
        ReadOnlySpan<char> letters = text;
        foreach (Range range in letters.SplitAny(" \t\r\n.,;:()\"'/-"))
        {
            if (WesternWords.Contains(letters[range])) tendency++;
            else if (EasternWords.Contains(letters[range])) tendency--;
        }

        return tendency;
    }

    /// <summary>
    /// The share of the characters beyond ASCII that stand where such characters do: letters of one language in words of one case, quotes
    /// at the ends of
    /// words, signs beside numbers. 1 where there are none.
    /// </summary>
    /// <param name="text">The text, as one encoding reads it.</param>
    /// <param name="alphabets">The letters of each language that it may be; <see langword="null"/> lets any letter stand for a
    /// letter.</param>
    public static double Share(string text, string[]? alphabets)
    {
        int all = 0, placed = 0, letters = 0, names = 0;
        Dictionary<char, int> counts = [];
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsAsciiLetter(c)) letters++;
            if (char.IsAscii(c)) continue;
            all++;
            char before = i > 0 ? text[i - 1] : ' ', after = i + 1 < text.Length ? text[i + 1] : ' ';
            if (!char.IsLetter(c) || c is 'ª' or 'º' or 'µ')
            {
                if (IsPlaced(text, i, before, after)) placed++;
            }
            else if (IsInCase(c, before, after))
            {
                char lower = char.ToLowerInvariant(c);
                counts[lower] = counts.GetValueOrDefault(lower) + 1;
                if (char.IsUpper(c) && char.IsLower(after)) names++;
            }
        }

        if (all == 0) return 1;
        if (alphabets is null) return (placed + counts.Values.Sum()) / (double)all;
        int Known(string alphabet) => counts.Sum(letter => alphabet.Contains(letter.Key, StringComparison.Ordinal) ? letter.Value : 0);

        // The names of many languages stand in a text that is itself hardly of any of them.
        bool isSparse = counts.Values.Sum() * NamesOnly < letters;
        int known = isSparse ? Known(string.Concat(alphabets)) : alphabets.Max(Known);
        if (isSparse) known = Math.Max(known, Math.Min(counts.Values.Sum(), known + names));
        return (placed + known) / (double)all;
    }

    // No capital follows a small letter, none of š, œ and ž stands alone, and no letter stands before a sign of programs: so look the
    // letters of DOS and
    // the Macintosh in Windows-1252, and those of Japanese in either.
    private static bool IsInCase(char c, char before, char after)
    {
        if ((c is 'Š' or 'š' or 'Œ' or 'œ' or 'Ž' or 'ž' or 'Ÿ') && !char.IsLetter(before) && !char.IsLetter(after)) return false;
        if (after is '^' or '\\' or '`' or '{' or '|' or '}' or '~' or '@') return false;
        return char.IsUpper(c) ? !char.IsLower(before) : !(char.IsUpper(after) && !char.IsUpper(before));
    }

    private static bool IsPlaced(string text, int i, char before, char after)
    {
        bool inWord = char.IsLetter(before) && char.IsLetter(after);
        return text[i] switch
        {
            '\u00A0' or '\u00AD' or '’' or '´' or '·' => true,
            '–' or '—' => inWord ? !IsAlone(text, i - 1) && !IsAlone(text, i + 1) : !(char.IsLetter(before) && char.IsWhiteSpace(after)),
            '¤' => false,
            '¹' => !char.IsLetter(after),
            '¡' or '¿' => !char.IsLetter(before) && !char.IsWhiteSpace(after),
            'ª' or 'º' => !char.IsWhiteSpace(before) && !char.IsLetter(after),
            'µ' => !char.IsLetter(before),
            '®' or '™' or '†' or '‡' => !char.IsLetter(after),
            '¢' or '¯' or '¨' or '˜' or 'ˆ' or '¸' => !char.IsLetter(before) && !char.IsLetter(after),
            >= '\u0300' and <= '\u036F' => char.IsLetter(before),
            _ => !inWord && !char.IsControl(text[i]),
        };
    }

    // One letter beside a dash is hardly a word: "funci—n".
    private static bool IsAlone(string text, int i)
        => text[i] is not ('a' or 'A' or 'I')
            && (i == 0 || !char.IsLetter(text[i - 1])) && (i + 1 == text.Length || !char.IsLetter(text[i + 1]));
}
