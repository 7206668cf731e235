using GenQ.Compute;
using GenQ.Data;
using GenQ.Generation;
using GenQ.Models;

namespace GenQ.Tests.Generation;

public sealed class QueryGeneratorTests
{
    private static readonly DecodingOptions Short = new() { MaxLength = 4 };

    private static readonly Passage[] Passages =
        [.. Enumerable.Range(0, 400).Select(i => new Passage($"p{i}", $"Passage {i} speaks of {(i % 7 == 0 ? "plants\tand light" : "ships")}."))];

    [Fact]
    public void Pair_k_is_sample_k_mod_3_of_passage_k_div_3()
    {
        using TemporaryFolder folder = new();
        using QueryGenerator generator = Load();
        generator.Generate(Passages, folder.Path);
        Assert.Equal(2, Directory.GetFiles(folder.Path, "*.tsv").Length);
        PairOrigin[] origins = [.. PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 0)), .. PairFiles.ReadOrigins(PairFiles.OriginsPath(folder.Path, 1))];
        QueryPassagePair[] pairs = [.. PairFiles.Read(folder.Path)];
        Assert.Equal(1200, pairs.Length);
        for (int k = 0; k < origins.Length; k += 97)
        {
            Assert.Equal(($"p{k / 3}", k % 3), (origins[k].Passage, origins[k].Sample));
            Assert.Equal(Passages[k / 3].Text.Replace('\t', ' '), pairs[k].Passage);
        }
    }

    [Fact]
    public void An_interrupted_generation_ends_with_the_same_files()
    {
        using TemporaryFolder whole = new(), stopped = new();
        using QueryGenerator generator = Load();
        generator.Generate(Passages, whole.Path);
        using CancellationTokenSource stop = new();
        SynchronousProgress<GenerationProgress> cancel = new(p =>
        {
            if (p.Queries == 1024) stop.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => generator.Generate(Passages, stopped.Path, progress: cancel, cancellation: stop.Token));
        Assert.Equal(1, PairFiles.FirstMissing(stopped.Path));
        generator.Generate(Passages, stopped.Path);
        foreach (string file in Directory.GetFiles(whole.Path))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(stopped.Path, Path.GetFileName(file))));
        }
    }

    [Fact]
    public void A_file_that_was_taken_away_is_written_again_and_the_others_stay_as_they_are()
    {
        using TemporaryFolder folder = new();
        using QueryGenerator generator = QueryGenerator.Load(Shared.Golden("checkpoints", "t5-tiny"), new DecodingOptions { MaxLength = 4 }, Precision.Fp32);
        generator.Generate(Passages, folder.Path);
        byte[] first = File.ReadAllBytes(PairFiles.Path(folder.Path, 0));
        File.Delete(PairFiles.Path(folder.Path, 0));
        File.WriteAllText(PairFiles.Path(folder.Path, 1), "a query by hand\tits passage");
        generator.Generate(Passages, folder.Path);
        Assert.Equal(first, File.ReadAllBytes(PairFiles.Path(folder.Path, 0)));
        Assert.Equal("a query by hand\tits passage", File.ReadAllText(PairFiles.Path(folder.Path, 1)));
    }

    [Fact]
    public void A_query_that_repeats_another_of_its_passage_is_drawn_anew_and_the_others_stay()
    {
        // So cold that every draw is about the likeliest token: the three of a passage mostly repeat one another.
        DecodingOptions cold = new() { MaxLength = 4, Temperature = 0.05 };
        using QueryGenerator generator = QueryGenerator.Load(Shared.Golden("checkpoints", "t5-tiny"), cold, Precision.Fp32);
        using T5Generator plain = T5Generator.Load(Shared.Golden("checkpoints", "t5-tiny"), Precision.Fp32);
        string[][] written = [.. generator.Generate(Passages[..100]).Select(queries => queries.Select(query => query.Text).ToArray())];
        string[][] once = [.. plain.Generate([.. Passages[..100].Select(p => (p.Id, p.SearchText))], cold).Select(queries => queries.Select(query => query.Text).ToArray())];
        Assert.InRange(Repeated(once), 20, 299);
        Assert.InRange(Repeated(written), 0, Repeated(once) / 2);
        for (int i = 0; i < once.Length; i++)
        {
            Assert.Equal(once[i].Distinct(), written[i].Where((_, j) => Array.IndexOf(once[i], once[i][j]) == j));
        }

        static int Repeated(string[][] queries) => queries.Sum(of => of.Length - of.Distinct().Count());
    }

    [Fact]
    public void The_last_samples_of_a_passage_are_crops_where_asked_for_and_the_others_do_not_change()
    {
        using TemporaryFolder plain = new(), mixed = new();
        using QueryGenerator generator = Load();
        generator.Generate(Passages[..20], plain.Path);
        generator.Generate(Passages[..20], mixed.Path, crops: 1);
        QueryPassagePair[] before = [.. PairFiles.Read(plain.Path)], after = [.. PairFiles.Read(mixed.Path)];
        PairOrigin[] origins = [.. PairFiles.ReadOrigins(PairFiles.OriginsPath(mixed.Path, 0))];
        for (int k = 0; k < after.Length; k++)
        {
            bool isCrop = k % 3 == 2;
            Assert.Equal(isCrop ? PairKind.Cropped : PairKind.Generated, origins[k].Kind);
            if (isCrop) Assert.Contains(after[k].Query, after[k].Passage, StringComparison.Ordinal);
            else Assert.Equal(before[k], after[k]);
        }
    }

    [Fact]
    public void One_text_gets_as_many_queries_as_asked_for()
    {
        using QueryGenerator generator = QueryGenerator.Load(Shared.Golden("checkpoints", "t5-tiny"), Short with { Count = 5 });
        Assert.Equal(5, generator.Generate("Python is a language.").Count);
    }

    private static QueryGenerator Load() => QueryGenerator.Load(Shared.Golden("checkpoints", "t5-tiny"), Short, Precision.Fp32);
}
