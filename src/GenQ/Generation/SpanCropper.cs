using GenQ.Compute;
using GenQ.Data;
using GenQ.Documents;

namespace GenQ.Generation;

/// <summary>
/// Cuts spans out of a passage that stand in for queries: the inverse cloze task (Lee et al. 2019, "Latent Retrieval for Weakly
/// Supervised Open Domain Question Answering"). No model is needed, and no span is nonsense.
/// </summary>
internal static class SpanCropper
{
    private const int FewestWords = 4, MostWords = 12;

    /// <summary>Cuts 4 to 12 words of one sentence, or what there is of a shorter one.</summary>
    /// <param name="passage">Its text is cut, not its title.</param>
    /// <param name="random">Decides where.</param>
    public static string Crop(Passage passage, CounterRandom random)
    {
        string[][] sentences = Sentences(passage.Text);
        if (sentences.Length == 0) return "";
        string[] words = sentences[random.Below(sentences.Length, 0)];
        int length = Math.Min(words.Length, FewestWords + random.Below(MostWords - FewestWords + 1, 1));
        return string.Join(' ', words, random.Below(words.Length - length + 1, 2), length);
    }

    // Those that are long enough, or all where none is.
    private static string[][] Sentences(string text)
    {
        int start = 0;
        List<string[]> all = [];
        foreach (int end in SentenceSplitter.Ends(text))
        {
            string[] words = text[start..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0) all.Add(words);
            start = end;
        }

        string[][] longEnough = [.. all.Where(words => words.Length >= FewestWords)];
        return longEnough.Length > 0 ? longEnough : [.. all];
    }
}
