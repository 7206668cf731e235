using System.Globalization;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using GenQ.Training;

namespace GenQ;

/// <summary>What decides the bytes that a stage writes, by name; <see cref="RunLedger"/> refuses to mix outputs of different ones.</summary>
internal static class StageIdentity
{
    public static Dictionary<string, string> OfPassages(GenQSettings settings, RunFolder run) => new()
    {
        ["documents"] = Fingerprint.OfFiles(CorpusFiles.Find(settings, run)),
        ["base"] = Model(settings.Base),
    };

    public static Dictionary<string, string> OfQueries(GenQSettings settings, RunFolder run) => new(
        SettingsSchema<DecodingOptions>.Identity(settings.Decoding))
    {
        ["passages"] = Fingerprint.OfFile(run.Passages),
        ["generator"] = Model(settings.Generator),
        ["crops"] = settings.Crops.ToString(CultureInfo.InvariantCulture),
        ["held-out share"] = settings.HeldOutShare.ToString(CultureInfo.InvariantCulture),
        ["precision"] = settings.PrecisionInUse + (settings.Int8Generator ? ", int8" : ""),
    };

    public static Dictionary<string, string> OfPairs(IReadOnlyList<QueryPassagePair> pairs) => new()
    {
        ["pairs"] = Fingerprint.OfPairs(pairs),
    };

    public static Dictionary<string, string> OfFilter(GenQSettings settings, IReadOnlyList<QueryPassagePair> pairs) => new(OfPairs(pairs))
    {
        ["round trip"] = settings.RoundTrip.ToString(CultureInfo.InvariantCulture),
    };

    public static Dictionary<string, string> OfModel(GenQSettings settings, IReadOnlyList<QueryPassagePair> kept) => new(
        new BiEncoderTrainer(settings.Training with { Precision = settings.Precision }).Identity(settings.Base, kept))
    {
        ["filter"] = settings.Filter ? "on" : "off",
    };

    // The model's hash is given by who needs it anyway: of a large model it takes a moment.
    public static Dictionary<string, string> OfIndex(RunFolder run, string model) => new()
    {
        ["model"] = model,
        ["passages"] = Fingerprint.OfFile(run.Passages),
    };

    public static Dictionary<string, string> OfReport(GenQSettings settings, RunFolder run, IReadOnlyList<Passage> corpus) => new()
    {
        ["model"] = Fingerprint.OfModel(run.Model),
        ["base"] = Model(settings.Base),
        ["corpus"] = Fingerprint.OfTexts([.. corpus.Select(passage => passage.SearchText)]),
        ["precision"] = settings.PrecisionInUse,
    };

    private static string Model(string nameOrFolder) => Fingerprint.OfModel(ModelFolder.Resolve(nameOrFolder));
}
