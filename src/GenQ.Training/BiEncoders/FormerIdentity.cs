namespace GenQ.Training;

/// <summary>Reads checkpoints whose identity says the same as <see cref="BiEncoderTrainer.Identity"/> in other names and values.</summary>
internal static class FormerIdentity
{
    private const string HalfWeights = "half weights";

    private static readonly Dictionary<string, string> Names = new()
    {
        ["start"] = "base",
        ["most steps"] = "max steps",
        ["longest sequence"] = "max sequence length",
        ["warm-up share"] = "warmup share",
    };

    private static readonly Dictionary<(string Name, string Value), string> Values = new()
    {
        [("most steps", "no limit")] = "",
        [("longest sequence", "the model's")] = "",
        [("labels", "Hard")] = "hard",
        [("labels", "Soft")] = "soft",
        [("precision", "Fp32")] = "fp32",
        [("precision", "Bf16")] = "bf16",
    };

    /// <summary>Translates names and values; an identity in the names of <see cref="BiEncoderTrainer.Identity"/> stays as it is.</summary>
    /// <param name="saved">What a checkpoint holds.</param>
    /// <param name="identity">That of the training which goes on; a checkpoint that says nothing of how weights are saved takes any.</param>
    public static IReadOnlyDictionary<string, string> Translate(
        IReadOnlyDictionary<string, string> saved, IReadOnlyDictionary<string, string> identity)
    {
        if (!Names.Keys.All(saved.ContainsKey)) return saved;
        Dictionary<string, string> translated = saved.ToDictionary(
            setting => Names.GetValueOrDefault(setting.Key, setting.Key),
            setting => Values.GetValueOrDefault((setting.Key, setting.Value), setting.Value));
        translated.TryAdd(HalfWeights, identity[HalfWeights]);
        return translated;
    }
}
