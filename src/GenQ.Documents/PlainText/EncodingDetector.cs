using System.Text;
using UtfUnknown;

namespace GenQ.Documents;

/// <summary>
/// Finds the encoding of bytes that name none and are not UTF-8. UTF.Unknown knows the statistics of languages that have letters of their
/// own; what is
/// written in Latin letters, where it takes one encoding for another, must read as a language does, and as none in the other encodings.
/// </summary>
internal static class EncodingDetector
{
    // Where fewer of the characters stand where they should, it is another encoding, or nobody knows which.
    private const double Plausible = 0.95;

    // Windows-1252 is what most such texts are in, and may have oddities where nothing else comes near.
    private const double Tolerable = 0.85, Clear = 0.1, Strange = 0.8;

    // Readings that differ by less are alike.
    private const double Alike = 0.02;

    // A letter or two fit everywhere.
    private const int LettersOfEvidence = 3;

    // What UTF.Unknown says of texts that it takes for something else.
    private const float Sure = 0.5f, SureOfScript = 0.4f, SureOfManyBytes = 0.9f;

    // A part of a long text is enough.
    private const int Sample = 1 << 18;

    private static readonly Encoding Windows1252 = Page(1252), Latin9 = Page(28605);

    private static readonly (Encoding Encoding, string[] Alphabets)[] LatinScripts =
    [
        (Windows1252, LatinScript.Western), (Latin9, LatinScript.Western), (Page(850), LatinScript.Western), (Page(10000), LatinScript.Western),
        (Page(1250), LatinScript.Eastern), (Page(28592), LatinScript.Eastern), (Page(852), LatinScript.Eastern),
        (Page(1254), LatinScript.Eastern), (Page(857), LatinScript.Eastern), (Page(1257), LatinScript.Eastern),
        (Page(1258), LatinScript.Vietnamese),
    ];

    /// <summary>Returns the encoding, or <see langword="null"/> where several fit or none does.</summary>
    public static Encoding? Detect(ReadOnlySpan<byte> bytes)
    {
        int first = Math.Max(0, bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) - Sample / 16);
        byte[] sample = bytes.Slice(first, Math.Min(bytes.Length - first, Sample)).ToArray();
        (Encoding? guess, float confidence) = Guess(sample);
        bool isLatin = guess is null || LatinScripts.Any(latin => latin.Encoding.CodePage == guess.CodePage);
        bool hasWords = HasWordsOfAscii(sample);
        if (guess is { IsSingleByte: false })
        {
            if (confidence >= SureOfManyBytes && IsSound(guess.GetString(sample)) && IsOfWideLetters(guess.GetString(sample))) return guess;
        }
        else if (!isLatin && !hasWords)
        {
            return confidence >= SureOfScript && IsSound(guess!.GetString(sample)) ? guess : null;
        }

        Encoding? latin = DetectLatin(sample, confidence >= Sure ? guess : null, hasWords ? LatinScripts : LatinScripts.AsSpan(0, 1));
        return latin == Windows1252 && HasEuroOfLatin9(sample) ? Latin9 : latin;
    }

    // Latin-9 has the euro where Windows-1252 has a sign that nobody writes, and nothing where Windows-1252 has quotes.
    private static bool HasEuroOfLatin9(byte[] sample) => sample.Contains((byte)0xA4) && !sample.AsSpan().ContainsAnyInRange((byte)0x80, (byte)0x9F);

    /// <summary>The encoding of bytes that are all ASCII and switch to other letters by escapes, as ISO-2022-JP does.</summary>
    public static Encoding? DetectEscaped(ReadOnlySpan<byte> bytes)
    {
        (Encoding? guess, _) = Guess(bytes[..Math.Min(bytes.Length, Sample)].ToArray());
        return guess is { CodePage: >= 50220 and <= 50229 or 52936 } ? guess : null;
    }

    private static Encoding? DetectLatin(byte[] sample, Encoding? guess, ReadOnlySpan<(Encoding Encoding, string[] Alphabets)> candidates)
    {
        // Every text of DOS or the Macintosh has letters that Windows shows as signs inside words.
        double asWindows = LatinScript.Share(Windows1252.GetString(sample), alphabets: null);
        List<Reading> readings = [];
        foreach ((Encoding encoding, string[] alphabets) in candidates)
        {
            string text = encoding.GetString(sample);
            bool isOld = encoding.CodePage is 850 or 852 or 857 or 10000;
            bool canBeOld = asWindows < Strange && HasEvidence(text);
            if (!IsSound(text) || (isOld && !canBeOld)) continue;
            readings.Add(new Reading(encoding, alphabets == LatinScript.Western, text, LatinScript.Share(text, alphabets)));
        }

        double best = readings.Select(reading => reading.Share).DefaultIfEmpty().Max();
        if (guess == Windows1252 && best >= Plausible && readings.Find(reading => reading.Encoding == guess)?.Share >= best - Alike) return guess;

        // What common words say goes before what letters say, where it can be so.
        int tendency = LatinScript.Tendency(Windows1252.GetString(sample));
        Reading[] fitting = [.. readings.Where(reading => reading.Share >= Plausible)];
        Reading[] likely = [.. fitting.Where(reading => tendency == 0 || reading.IsWestern == tendency > 0)];
        if (likely.Length > 0) fitting = likely;
        else if (fitting.Length == 0 || tendency > 0) return IsClearlyWestern(readings, tendency) ? Windows1252 : null;

        best = fitting.Max(reading => reading.Share);
        Reading[] alike = [.. fitting.Where(reading => reading.Share >= best - Alike)];
        Reading preferred = Array.Find(alike, reading => reading.Encoding == Windows1252)
            ?? Array.Find(alike, reading => reading.Encoding.CodePage == guess?.CodePage) ?? alike[0];
        bool isTold = preferred.Encoding == Windows1252 ? tendency > 0 : preferred.Encoding.CodePage == guess?.CodePage;
        bool isAlone = Array.TrueForAll(alike, reading => reading.Text == preferred.Text)
            && (preferred.IsWestern || HasEvidence(preferred.Text));
        return isTold || isAlone ? preferred.Encoding : null;
    }

    private static bool HasEvidence(string text) => text.Count(c => !char.IsAscii(c) && char.IsLetter(c)) >= LettersOfEvidence;

    // A text that lists the signs of a character set has them in odd places.
    private static bool IsClearlyWestern(List<Reading> readings, int tendency)
        => readings.Find(reading => reading.Encoding == Windows1252) is { Share: >= Tolerable } western
            && readings.TrueForAll(reading => reading == western || reading.Encoding == Latin9
                || reading.Share < western.Share - Clear || (tendency > 0 && !reading.IsWestern));

    private static (Encoding? Encoding, float Confidence) Guess(byte[] sample)
    {
        foreach (DetectionDetail detail in CharsetDetector.DetectFromBytes(sample).Details ?? [])
        {
            // Windows' pages hold what the others do, and quotes and dashes; KOI8-U holds Ukrainian where KOI8-R has lines.
            string name = detail.EncodingName switch
            {
                "iso-8859-1" or "iso-8859-15" or "ascii" => "windows-1252",
                "iso-8859-9" => "windows-1254",
                "iso-8859-13" => "windows-1257",
                "iso-8859-16" => "windows-1250",
                "koi8-r" => "koi8-u",
                string other => other,
            };
            if (TextDecoder.Named(name) is { } encoding) return (encoding, detail.Confidence);
        }

        return (null, 0);
    }

    private static Encoding Page(int page) => CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);

    private static bool IsSound(string text)
    {
        int bad = text.Count(c => c is '\uFFFD' or (>= '\uE000' and <= '\uF8FF')
            || (char.IsControl(c) && !char.IsWhiteSpace(c) && c != '\u001A'));
        return bad * 200 <= text.Length;
    }

    private static bool IsOfWideLetters(string text)
    {
        int wide = text.Count(c => c >= '\u3000'), beyondAscii = text.Count(c => !char.IsAscii(c));
        return wide * 2 >= beyondAscii;
    }

    // Words in Latin letters are mostly of ASCII, words in others have none.
    private static bool HasWordsOfAscii(byte[] sample)
    {
        int latin = 0, other = 0;
        for (int i = 0; i < sample.Length; i++)
        {
            int ascii = 0, high = 0;
            for (; i < sample.Length && (sample[i] >= 0x80 || char.IsAsciiLetter((char)sample[i])); i++)
            {
                if (sample[i] >= 0x80) high++;
                else ascii++;
            }

            if (high > 0 && ascii >= high) latin++;
            else if (high > 1) other++;
        }

        return latin >= other;
    }

    private sealed record Reading(Encoding Encoding, bool IsWestern, string Text, double Share);
}
