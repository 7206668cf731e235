using System.Text;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Onnx;
using GenQ.Retrieval;

namespace GenQ.Tests.Faults;

/// <summary>What becomes of a run of which a file is damaged: it is named, and nothing that is whole is overwritten.</summary>
[Collection(TorchRandomCollection.Name)]
public sealed class DamageTests(FinishedRun finished, ITestOutputHelper output) : IClassFixture<FinishedRun>
{
    // The second is read only while vectors are missing.
    private const string EveryVariable = "GENQ_FAULTS_EVERY", Note = "base-vectors/of.txt";

    // Pages and charts are made anew at the end of every run; what people may change is told, and goes on or is refused by what depends on it.
    private static readonly string[] Derived = [".html", ".svg"], Editable = ["pairs/", "heldout/pairs/", "training.jsonl", "model/README.md"];

    private static readonly Dictionary<string, Func<byte[], byte[]?>> Kinds = new()
    {
        ["flip"] = content => Flipped(content, content.Length / 2),
        ["cut"] = content => content[..(content.Length / 2)],
        ["empty"] = _ => [],
        ["gone"] = _ => null,
    };

    [Fact]
    public void A_whole_run_is_found_whole()
    {
        RunCheck check = RunCheck.Of(finished.Run);
        Assert.Empty(check.Findings);
        Assert.Empty(check.Unrecorded);
        Assert.True(check.Files > 30, $"{check.Files}");
    }

    [Fact]
    public void Damage_to_any_file_is_found_and_named()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "checked");
        int tried = 0;
        foreach (string name in finished.Content.Keys.Where(name => name is not ("genq.json" or Note) && !Derived.Any(name.EndsWith)))
        {
            string file = Path.Combine(run.Path, name);
            byte[] content = File.ReadAllBytes(file);
            foreach ((string kind, Func<byte[], byte[]?> damage) in Kinds.Where(kind => name != "base-vectors/passages.vectors" || kind.Key != "gone"))
            {
                byte[]? damaged = damage(content);
                if (damaged is not null && damaged.AsSpan().SequenceEqual(content)) continue;
                Damage(file, damaged);
                RunCheck check = RunCheck.Of(run);
                Assert.True(check.Findings.Any(found => found.Name == name), $"{kind} {name}");
                Assert.True(Editable.Any(name.StartsWith) || !check.IsWhole, $"{kind} {name}");
                File.WriteAllBytes(file, content);
                tried++;
            }
        }

        Assert.Empty(RunCheck.Of(run).Findings);
        output.WriteLine($"{tried} damages found and named");
    }

    [Theory]
    [InlineData("passages.jsonl", "flip")]
    [InlineData("heldout/holdout.json", "cut")]
    [InlineData("model/config.json", "flip")]
    [InlineData("model/modules.json", "gone")]
    [InlineData("model/model.safetensors", "flip")]
    [InlineData("kept.json", "gone")]
    [InlineData("genq.json", "gone")]
    [InlineData("genq.json", "cut")]
    [InlineData("index/passages.bm25", "flip")]
    [InlineData("index/passages.vectors", "cut")]
    [InlineData("index/fusion.json", "gone")]
    [InlineData("filter.jsonl", "flip")]
    [InlineData("heldout/queries.jsonl", "flip")]
    [InlineData("onnx/model.onnx.data", "flip")]
    [InlineData("base-vectors/passages.vectors", "flip")]
    [InlineData("pairs/pairs_0000.jsonl", "flip")]
    public async Task A_run_of_which_a_file_is_damaged_mends_it_or_names_it_and_leaves_the_rest_alone(string name, string kind)
        => Assert.Null(await TroubleOfAsync(name, kind));

    [Fact]
    public async Task Every_damage_to_every_file_is_mended_or_named_and_leaves_the_rest_alone()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(EveryVariable) is null, "eng/faults.sh tries them all");
        int tried = 0;
        List<string> troubles = [];
        foreach (string name in finished.Content.Keys.Where(name => name != Note && !Derived.Any(name.EndsWith)))
        {
            foreach (string kind in Kinds.Keys)
            {
                tried++;
                if (await TroubleOfAsync(name, kind) is { } trouble) troubles.Add(trouble);
            }
        }

        output.WriteLine($"{tried} damages tried, {tried - troubles.Count} mended or named with the rest as it was\n{string.Join('\n', troubles)}");
        Assert.Empty(troubles);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"train": 1}""")]
    [InlineData("""{"settings": {}, "settings": {}}""")]
    [InlineData("""{"train": {"identity": {"seed": 1}}}""")]
    [InlineData("""{"train": {"files": {"model/config.json": 7}}}""")]
    public async Task A_record_that_says_nothing_of_what_is_there_adopts_nothing(string content)
    {
        RunFolder run = finished.Small.Copy(finished.Run, "adopted");
        File.WriteAllText(run.Settings, content);
        SortedDictionary<string, string> before = SmallRun.Content(run);
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => finished.Small.RunAsync(run));
        Assert.Contains("genq.json", e.Message, StringComparison.Ordinal);
        Assert.Contains("another output folder", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, SmallRun.Content(run));
    }

    [Fact]
    public async Task What_a_lost_record_asks_to_delete_is_all_that_keeps_a_run_from_beginning_anew()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "deleted");
        File.Delete(run.Settings);
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => finished.Small.RunAsync(run));
        foreach (string name in e.Got!.Split(", ")) Disk.Current.Delete(Path.Combine(run.Path, name));
        await finished.Small.RunAsync(run);
        Assert.Equal(finished.Content, SmallRun.Content(run));
    }

    [Fact]
    public void Records_that_were_changed_are_not_believed()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "records");
        string written = File.ReadAllText(run.Settings), hash = new RunRecords(run.Settings).Files("train")!["model/config.json"].Sha256;
        File.WriteAllText(run.Settings, written.Replace(hash, hash[1..] + "0", StringComparison.Ordinal));
        Assert.Contains("genq.json' is damaged", Assert.Throws<GenQException>(() => new RunRecords(run.Settings)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_of_a_version_that_wrote_down_no_files_is_gone_on_with()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "former");
        RunRecords records = new(run.Settings);
        foreach (string stage in RunLedger.Order) records.SetFiles(stage, null);
        records.Save(run.Settings);
        await finished.Small.RunAsync(run);
        Assert.Equal(["evaluate"], RunLedger.Order.Where(stage => new RunRecords(run.Settings).Files(stage) is not null));
        Assert.Equal(RunLedger.Order[..^1], RunCheck.Of(run).Unrecorded);
    }

    [Fact]
    public async Task A_damaged_part_of_an_index_is_made_anew()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "parts");
        File.WriteAllBytes(run.Index + ".0", Flipped(File.ReadAllBytes(run.Index), 200));
        File.Delete(run.Index);
        await finished.Small.RunAsync(run);
        Assert.Equal(finished.Content, SmallRun.Content(run));
    }

    [Fact]
    public async Task Vectors_that_are_whole_stay_where_the_words_beside_them_are_damaged()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "words");
        DateTime written = File.GetLastWriteTimeUtc(run.Index);
        File.WriteAllBytes(run.WordIndex, Flipped(File.ReadAllBytes(run.WordIndex), 60));
        List<string> said = await finished.Small.RunAsync(run);
        Assert.Contains(said, line => line.Contains("'index/passages.bm25' of the stage 'index' is damaged", StringComparison.Ordinal));
        Assert.Equal(written, File.GetLastWriteTimeUtc(run.Index));
    }

    [Fact]
    public void A_weight_of_words_that_is_another_one_is_not_searched_with()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "fusion");
        File.WriteAllText(run.Fusion, """{"words_weight": 0.9}""");
        GenQException e = Assert.Throws<GenQException>(() => RunSearcher.Open(run, OnnxEncoder.OfRun(run)));
        Assert.Contains("fusion.json' of the stage 'index' is damaged", e.Message, StringComparison.Ordinal);
        Assert.Equal(new Remedy.RunStage("index", run.Path), e.Remedy);
    }

    [Fact]
    public void Nothing_of_a_model_or_an_export_is_read_that_is_not_what_was_written()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "flipped");
        foreach ((string folder, Precision precision) in (IEnumerable<(string, Precision)>)[(run.Onnx, Precision.Auto), (run.Model, Precision.Bf16)])
        {
            foreach (string file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => file != run.ModelCard))
            {
                byte[] whole = File.ReadAllBytes(file);
                if (whole.Length == 0) continue;
                File.WriteAllBytes(file, Flipped(whole, whole.Length / 2));
                GenQException e = Assert.Throws<GenQException>(() => RunEncoder.Open(run, precision));
                Assert.Contains($"'{Path.GetRelativePath(run.Path, file)}' of the stage", e.Message, StringComparison.Ordinal);
                Assert.Equal(file, e.Where);
                File.WriteAllBytes(file, whole);
            }

            File.AppendAllText(run.ModelCard, "More.");
            RunEncoder.Open(run, precision).Dispose();
        }
    }

    [Fact]
    public async Task What_was_added_to_a_model_and_would_be_read_is_named()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "added");
        File.WriteAllText(Path.Combine(run.Model, "spiece.model"), "");
        Assert.Contains("'model/spiece.model' is no file that the stage 'train' has written", (await Assert.ThrowsAsync<GenQException>(() => finished.Small.RunAsync(run))).Message, StringComparison.Ordinal);
        File.Move(Path.Combine(run.Model, "spiece.model"), Path.Combine(run.Model, "notes.md"));
        await finished.Small.RunAsync(run);
        Assert.Equal(FileState.Unknown, Assert.Single(RunCheck.Of(run).Findings).State);
    }

    [Fact]
    public async Task A_damaged_checkpoint_says_how_the_training_goes_on()
    {
        RunFolder run = finished.Small.Of("checkpoint");
        using CancellationTokenSource stop = new();
        SynchronousProgress<StageProgress> stopInTheTraining = new(p =>
        {
            if (p is { Stage: "training", Done: 3 }) stop.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new GenQPipeline(run.Path, finished.Small.Settings, stopInTheTraining).RunAsync(stop.Token));
        string file = Path.Combine(run.Checkpoints, "checkpoint.safetensors");
        byte[] content = File.ReadAllBytes(file);
        foreach (byte[] damaged in (byte[][])[Flipped(content, content.Length / 2), Flipped(content, 20), content[..100], [], Flipped(content, Encoding.UTF8.GetString(content).IndexOf("\"step\"", StringComparison.Ordinal) + 8)])
        {
            File.WriteAllBytes(file, damaged);
            GenQException e = await Assert.ThrowsAsync<GenQException>(() => finished.Small.RunAsync(run));
            Assert.Contains($"The checkpoint '{file}' is damaged", e.Message, StringComparison.Ordinal);
            Assert.EndsWith($"Delete '{run.Checkpoints}', and the training begins anew.", e.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("Get the file anew", e.Message, StringComparison.Ordinal);
        }

        Assert.Contains("checkpoints/checkpoint.safetensors", RunCheck.Of(run).Findings.Select(found => found.Name));
        Assert.Contains(run.Checkpoints, RunCheck.Of(run).TakeAway());
        await finished.Small.RunAsync(run);
        Assert.Equal(finished.Content, SmallRun.Content(run));
    }

    [Fact]
    public async Task What_a_kill_has_left_of_the_checkpoints_goes_when_what_is_kept_is_chosen()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "chosen");
        RunRecords records = new(run.Settings);
        records.SetFiles("train", new Dictionary<string, RecordedFile>());
        records.Save(run.Settings);
        File.Delete(run.Kept);
        AtomicFile.WriteText(Path.Combine(run.Checkpoints, "model", "config.json"), writer => writer.Write("{}"));
        await finished.Small.RunAsync(run);
        Assert.False(Directory.Exists(run.Checkpoints));
    }

    [Fact]
    public async Task What_is_taken_away_is_made_anew_and_nothing_else_was_touched()
    {
        RunFolder run = finished.Small.Copy(finished.Run, "mended");
        foreach (string name in (string[])["index/passages.bm25", "onnx/model.onnx", "filter.jsonl", "heldout/queries.jsonl", "report/report.json", "base-vectors/passages.vectors", "model/config.json"])
        {
            string file = Path.Combine(run.Path, name);
            File.WriteAllBytes(file, Flipped(File.ReadAllBytes(file), 30));
        }

        File.WriteAllText(run.Passages + AtomicFile.PartialSuffix, "half");
        RunCheck check = RunCheck.Of(run);
        Assert.Equal(7, check.Findings.Count(found => found.State == FileState.Damaged));
        check.TakeAway();
        Assert.False(File.Exists(run.Passages + AtomicFile.PartialSuffix));
        SortedDictionary<string, string> left = SmallRun.Content(run);
        Assert.All(left.Where(file => file.Key is not ("model/config.json" or "genq.json")), file => Assert.Equal(finished.Content[file.Key], file.Value));
        File.Copy(Path.Combine(finished.Run.Model, "config.json"), Path.Combine(run.Model, "config.json"), overwrite: true);
        await finished.Small.RunAsync(run);
        Assert.Equal(finished.Content, SmallRun.Content(run));
    }

    private static byte[] Flipped(byte[] content, int place)
    {
        byte[] flipped = [.. content];
        if (flipped.Length > 0) flipped[Math.Min(place, flipped.Length - 1)] ^= 1;
        return flipped;
    }

    private static void Damage(string file, byte[]? content)
    {
        if (content is null) File.Delete(file);
        else File.WriteAllBytes(file, content);
    }

    // Either the run ends as the whole one, or an error names the file and all else is as it was.
    private async Task<string?> TroubleOfAsync(string name, string kind)
    {
        RunFolder run = finished.Small.Copy(finished.Run, "damaged");
        string file = Path.Combine(run.Path, name);
        Damage(file, Kinds[kind](File.ReadAllBytes(file)));
        SortedDictionary<string, string> before = SmallRun.Content(run);
        List<string> said = [];
        try
        {
            said = await finished.Small.RunAsync(run);
        }
        catch (GenQException e)
        {
            if (!e.Message.Contains(Path.GetFileName(name), StringComparison.Ordinal) && !(Editable.Any(name.StartsWith) && e.Message.Contains("pairs was", StringComparison.Ordinal)))
                return $"{kind} {name}: not named by {e.Message}";
            string[] changed = [.. before.Keys.Where(other => !Editable.Any(name.StartsWith) && before[other] != SmallRun.Content(run).GetValueOrDefault(other))];
            return changed.Length == 0 ? null : $"{kind} {name}: {e.Message}, and {string.Join(", ", changed)} changed";
        }

        SortedDictionary<string, string> after = SmallRun.Content(run);
        string[] lost = [.. finished.Content.Keys.Where(other => finished.Content[other] != after.GetValueOrDefault(other) && !(other == name && Editable.Any(name.StartsWith)))];
        if (lost.Length == 0 && (!Editable.Any(name.StartsWith) || said.Any(line => line.Contains(name, StringComparison.Ordinal)) || after.GetValueOrDefault(name) == finished.Content[name])) return null;
        return $"{kind} {name}: ended, and {(lost.Length == 0 ? "nobody said it" : string.Join(", ", lost) + " are lost")}";
    }
}
