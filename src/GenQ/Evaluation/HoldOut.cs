using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Text;

namespace GenQ.Evaluation;

/// <summary>
/// The part of a corpus that is set aside before anything is generated: its queries measure, they never train. Its
/// passages stay in the index, so a measured search has the whole corpus to get wrong.
/// </summary>
/// <param name="Passages">Ids of the passages set aside.</param>
/// <param name="Sentence">What was set aside, in words.</param>
public sealed record HoldOut(IReadOnlyList<string> Passages, string Sentence)
{
    // Below this many units a tenth is too few to measure on.
    private const int FewestUnits = 20;

    // Three queries each of so many passages tell two models apart to a few thousandths; more of them cost time alone.
    private const int EnoughToMeasure = 2000;

    // A query's draws come from (seed, passage, sample), so these parts are numbers that no sample has: a draw of passages that used the
    // same bits would choose those whose queries begin alike.
    private const long HoldOutDraw = -1, TrainingDraw = -2, EvaluationDraw = -3;

    /// <summary>How many of the other passages get training queries, where not all do.</summary>
    public int? MostTraining { get; init; }

    /// <summary>Whether the passages that get training queries are spread over the corpus, one of each stretch; else they are drawn from all of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSpread { get; init; }

    /// <summary>How many of the passages set aside get evaluation queries, where not all do.</summary>
    public int? MostEvaluated { get; init; }

    /// <summary>Reads the choice from its file, whatever the settings are by now.</summary>
    /// <exception cref="GenQException">The file is damaged.</exception>
    internal static HoldOut Load(string file)
    {
        try
        {
            HoldOut? read = JsonSerializer.Deserialize<HoldOut>(File.ReadAllText(file), IndentedJson.Options);
            return read is { Passages: { } ids, Sentence: not null } && !ids.Contains(null!) ? read : throw new JsonException("it does not say which passages are held out.");
        }
        catch (JsonException e)
        {
            throw new GenQException(
                $"'{file}' is damaged: {e.Message} Put it back from a copy; or delete '{Path.GetDirectoryName(file)}' and the pairs, and all queries are written anew.", e)
            {
                Where = file,
            };
        }
    }

    /// <summary>The ids of the passages that a run has set aside; none where it has made no choice.</summary>
    internal static HashSet<string> IdsOf(RunFolder run) => File.Exists(run.HoldOut) ? [.. Load(run.HoldOut).Passages] : [];

    /// <summary>Makes the choice and writes it down.</summary>
    internal static HoldOut ChooseAnew(string file, IReadOnlyList<Passage> passages, GenQSettings settings)
    {
        HoldOut holdOut = Of(passages, settings);
        AtomicFile.WriteText(file, writer => writer.WriteLine(JsonSerializer.Serialize(holdOut, IndentedJson.Options)));
        return holdOut;
    }

    /// <summary>Makes the choice that settings ask for.</summary>
    internal static HoldOut Of(IReadOnlyList<Passage> passages, GenQSettings settings) => Choose(passages, settings.HeldOutShare, settings.Seed) with
    {
        MostTraining = settings.MostTrainingPassages,
        MostEvaluated = EnoughToMeasure,
        IsSpread = settings.Query.Passages is not null,
    };

    /// <summary>
    /// Sets a share of the documents aside; of few documents, sections; of few sections, stretches of passages. Those that are nearly the same go to one side.
    /// </summary>
    /// <param name="passages">The corpus, in order.</param>
    /// <param name="share">How much of it, in [0, 1).</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="GenQException">There is but one passage.</exception>
    public static HoldOut Choose(IReadOnlyList<Passage> passages, double share, long seed)
    {
        if (share == 0) return new HoldOut([], "Nothing is held out.");
        (string kind, string[] units) = Units(passages);
        string[] distinct = [.. units.Distinct()];
        if (distinct.Length < 2)
        {
            throw new GenQException("The documents make a single passage, which cannot both train and measure: add documents, or hold nothing out.")
            {
                Remedy = new Remedy.Change(("holdout", "0")),
            };
        }

        Dictionary<string, string> firsts = FirstsOfNearDuplicates(distinct, passages, units);
        string[] groups = [.. firsts.Values.Distinct()];
        int count = Math.Clamp((int)Math.Round(groups.Length * share), 1, groups.Length - 1);
        HashSet<string> chosenGroups = [.. groups.OrderBy(unit => new CounterRandom(seed, unit, HoldOutDraw).Bits(0)).Take(count)];
        HashSet<string> chosen = [.. distinct.Where(unit => chosenGroups.Contains(firsts[unit]))];
        string[] held = [.. passages.Where((_, i) => chosen.Contains(units[i])).Select(passage => passage.Id)];
        return new HoldOut(held, $"Held out before generation: {chosen.Count} of {distinct.Length} {kind}, {held.Length} of {passages.Count} passages.");
    }

    /// <summary>Parts the corpus, its order kept, and leaves out what gets no queries.</summary>
    /// <param name="passages">The corpus, in order.</param>
    /// <param name="seed">Decides which passages get queries, where not all do.</param>
    internal (Passage[] Training, Passage[] Evaluation) Split(IEnumerable<Passage> passages, long seed)
    {
        HashSet<string> heldOut = [.. Passages];
        ILookup<bool, Passage> isHeldOut = passages.ToLookup(passage => heldOut.Contains(passage.Id));
        return (IsSpread ? Spread([.. isHeldOut[false]], MostTraining, seed) : Draw(isHeldOut[false], MostTraining, seed, TrainingDraw), Draw(isHeldOut[true], MostEvaluated, seed, EvaluationDraw));
    }

    private static Passage[] Draw(IEnumerable<Passage> passages, int? most, long seed, long part)
    {
        Passage[] all = [.. passages];
        if (most is not { } count || all.Length <= count) return all;
        HashSet<string> drawn = [.. all.Select(passage => passage.Id).OrderBy(id => new CounterRandom(seed, id, part).Bits(0)).Take(count)];
        return [.. all.Where(passage => drawn.Contains(passage.Id))];
    }

    // Few passages are worth most where each is of another part of the corpus: one of each of so many stretches of equal length.
    private static Passage[] Spread(Passage[] all, int? most, long seed)
    {
        if (most is not { } count || all.Length <= count) return all;
        int Start(int stretch) => (int)((long)stretch * all.Length / count);
        return [.. Enumerable.Range(0, count).Select(i => all[Start(i)..Start(i + 1)].MinBy(passage => new CounterRandom(seed, passage.Id, TrainingDraw).Bits(0))!)];
    }

    // A copy of a document that trains would measure what was learned by heart: units that are nearly the same go to one side. Where all are, they are left as they are.
    private static Dictionary<string, string> FirstsOfNearDuplicates(string[] distinct, IReadOnlyList<Passage> passages, string[] units)
    {
        Dictionary<string, StringBuilder> texts = distinct.ToDictionary(unit => unit, _ => new StringBuilder());
        foreach ((Passage passage, string unit) in passages.Zip(units)) texts[unit].Append(passage.Text).Append(' ');
        int[] firsts = NearDuplicates.Groups([.. distinct.Select(unit => $"{texts[unit]}")]);
        bool areAllOne = firsts.All(first => first == 0);
        return distinct.Index().ToDictionary(unit => unit.Item, unit => areAllOne ? unit.Item : distinct[firsts[unit.Index]]);
    }

    private static (string Kind, string[] Units) Units(IReadOnlyList<Passage> passages)
    {
        string[] documents = [.. passages.Select(passage => passage.Origin?.DocumentId ?? passage.Id)];
        if (documents.Distinct().Count() >= FewestUnits) return ("documents", documents);
        string[] sections = [.. passages.Select((passage, i) => $"{documents[i]}\n{passage.Title?.Split(" > ")[0]}")];
        if (sections.Distinct().Count() >= FewestUnits) return ("top-level sections (there are too few documents)", sections);
        int length = Math.Max(1, passages.Count / FewestUnits);
        return ("contiguous blocks of passages (there are too few documents and sections)", [.. passages.Select((_, i) => $"{i / length}")]);
    }
}
