using System.Text.Json;
using GenQ.Data;
using GenQ.Filtering;
using GenQ.Retrieval;
using static System.FormattableString;

namespace GenQ;

/// <summary>What the outputs of the stages hold, in a few words, read from their files.</summary>
internal static class StageTotals
{
    // A single step's loss says little: so many are averaged at either end.
    private const int StepsTogether = 10;

    public static string OfPassages(IReadOnlyList<Passage> passages)
    {
        int documents = passages.DistinctBy(passage => passage.Origin?.DocumentId ?? passage.Id).Count();
        return Invariant($"{passages.Count:N0} passages of {documents:N0} {(documents == 1 ? "document" : "documents")}");
    }

    public static string OfQueries(RunFolder run)
    {
        int queries = PairFiles.Read(run.Pairs).Count(pair => !string.IsNullOrWhiteSpace(pair.Query));
        int heldOut = File.Exists(run.HeldOutQueries) ? File.ReadLines(run.HeldOutQueries).Count() : 0;
        return heldOut == 0 ? Invariant($"{queries:N0} queries") : Invariant($"{queries:N0} queries to train, {heldOut:N0} to measure");
    }

    public static string OfFilter(RunFolder run)
    {
        FilteredPairs[] groups = FilterFile.ReadSummary(run);
        return Invariant($"{groups.Where(group => group.Verdict == nameof(PairVerdict.Kept)).Sum(group => group.Pairs):N0} of {groups.FirstOrDefault()?.Of ?? 0:N0} pairs kept");
    }

    public static string OfTraining(RunFolder run)
    {
        // A model may have been brought from elsewhere.
        if (!File.Exists(run.TrainingLog)) return "model/";
        double[] losses = [.. JsonLine.Read(run.TrainingLog).Select(line => line.Root.TryGetProperty("loss", out JsonElement loss) ? loss.GetDouble() : double.NaN)];
        int together = Math.Min(StepsTogether, (losses.Length + 1) / 2);
        return losses.Length == 0 ? "model/" : Invariant($"{losses.Length:N0} steps, loss {losses.Take(together).Average():0.00} → {losses.TakeLast(together).Average():0.00}");
    }

    public static string OfIndex(RunFolder run, int passages) => Invariant($"{passages:N0} passages, words count {RunIndex.ReadWordsWeight(run):0.00} beside meaning");

    public static string OfExport(RunFolder run)
        => Invariant($"{new DirectoryInfo(run.Onnx).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) / 1e6:0} MB, searched without torch");
}
