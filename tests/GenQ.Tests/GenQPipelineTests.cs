using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Evaluation;
using GenQ.Models;
using GenQ.Retrieval;
using GenQ.Text;
using GenQ.Training;

namespace GenQ.Tests;

[Collection(TorchRandomCollection.Name)]
public sealed class GenQPipelineTests
{
    private const string Reading = "reading with the base";

    [Fact]
    public async Task Documents_become_a_model_that_can_be_searched()
    {
        using TemporaryFolder folder = new();
        List<string> said = [];
        RunReport report = await Pipeline(folder, said).RunAsync();
        Assert.Equal(["bm25", "base", "hybrid(base)", "adapted", "hybrid"], report.Comparison.Results.Select(r => r.Model));
        Assert.True(report.IsGenerated);
        RunFolder run = new(folder["run"]);
        Assert.All((string[])[run.Settings, run.Passages, run.Skipped, run.HoldOut, run.HeldOutQueries, run.Filter, run.FilterSummary, run.TrainingLog, run.Index, run.WordIndex, run.Fusion, Path.Combine(run.Onnx, "genq-onnx.json"), run.Report], file => Assert.True(File.Exists(file), file));
        Assert.Contains(said, line => line.Contains("1 skipped", StringComparison.Ordinal));
        Assert.Contains("broken.pdf", File.ReadAllText(run.Skipped), StringComparison.Ordinal);
        using RunSearcher searcher = RunSearcher.Open(run, RunEncoder.Open(run));
        SearchHit hit = searcher.Search("topic 17 of the handbook", 1, SearchMode.Words).Hits[0];
        Assert.Equal("doc17.md", hit.Passage.Origin!.Source);
    }

    [Fact]
    public async Task A_filter_that_leaves_less_than_a_batch_is_named_with_what_to_set()
    {
        using TemporaryFolder folder = new();
        Pipeline(folder);
        GenQPipeline pipeline = new(folder["run"], Settings(folder) with { FilterRank = 1 });
        await pipeline.MakePassagesAsync();
        await pipeline.GenerateQueriesAsync();
        string file = Directory.GetFiles(new RunFolder(folder["run"]).Pairs, "*.tsv").Single();
        File.WriteAllLines(file, File.ReadAllLines(file).Select(line => $"what is it about\t{line.Split('\t')[1]}"));
        GenQException e = await Assert.ThrowsAsync<GenQException>(() => pipeline.TrainEncoderAsync());
        Assert.StartsWith("The filter has left ", e.Message, StringComparison.Ordinal);
        Assert.Equal(["filter-rank", "training.batch-size"], Assert.IsType<Remedy.Change>(e.Remedy).Names.Select(name => name.Setting));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task The_words_of_as_many_queries_of_a_passage_as_asked_for_find_it_and_stay_out_of_its_text(int indexed)
    {
        using TemporaryFolder folder = new();
        GenQSettings settings = Settings(folder) with { IndexedQueries = indexed };
        Pipeline(folder);
        GenQPipeline pipeline = new(folder["run"], settings);
        await pipeline.MakePassagesAsync();
        await pipeline.GenerateQueriesAsync();
        RunFolder run = new(folder["run"]);
        string file = Directory.GetFiles(run.Pairs, "*.tsv").Single();
        string[] lines = File.ReadAllLines(file), passages = [.. lines.Select(line => line.Split('\t')[1])];
        (lines[0], lines[1]) = ($"zebra crossing\t{passages[0]}", $"tapir crossing\t{passages[1]}");
        File.WriteAllLines(file, lines);
        await pipeline.RunAsync();
        using RunSearcher searcher = RunSearcher.Open(run, RunEncoder.Open(run));
        Assert.Equal(indexed == 1 ? [passages[0]] : [], searcher.Search("zebra", 10, SearchMode.Words).Hits.Select(hit => PairFiles.OneField(hit.Passage.SearchText)));
        Assert.Empty(searcher.Search("tapir", 10, SearchMode.Words).Hits);
        Assert.DoesNotContain(searcher.Search("topic", 10).Hits, hit => hit.Passage.Text.Contains("zebra", StringComparison.Ordinal));

        // The others get queries that nothing is trained on.
        HashSet<string> heldOut = [.. HoldOut.Load(run.HoldOut).Passages];
        string[] others = [.. PassageFile.Read(run.Passages).Where(passage => heldOut.Contains(passage.Id)).Select(passage => PairFiles.OneField(passage.SearchText))];
        Assert.Equal(indexed == 1 ? others : [], Directory.Exists(run.IndexPairs) ? PairFiles.Read(run.IndexPairs).Select(pair => pair.Passage) : []);
    }

    [Fact]
    public async Task A_run_that_was_stopped_between_stages_ends_with_the_same_model()
    {
        using TemporaryFolder whole = new(), stopped = new();
        await Pipeline(whole).RunAsync();
        await Pipeline(stopped).MakePassagesAsync();
        await Pipeline(stopped).GenerateQueriesAsync();
        await Pipeline(stopped).RunAsync();
        Assert.Equal(
            File.ReadAllBytes(whole["run", "model", "model.safetensors"]), File.ReadAllBytes(stopped["run", "model", "model.safetensors"]));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    public async Task A_damaged_weight_of_words_is_told_and_written_anew(string content)
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        RunFolder run = new(folder["run"]);
        File.WriteAllText(run.Fusion, content);
        GenQException e = Assert.Throws<GenQException>(() => RunSearcher.Open(run, RunEncoder.Open(run)));
        Assert.Contains("fusion.json' of the stage 'index' is damaged", e.Message, StringComparison.Ordinal);
        await Pipeline(folder).RunAsync();
        RunSearcher.Open(run, RunEncoder.Open(run)).Dispose();
    }

    [Fact]
    public async Task A_run_of_a_newer_version_is_refused_before_it_is_searched_or_gone_on_with()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        RunFolder run = new(folder["run"]);
        JsonNode records = JsonNode.Parse(File.ReadAllText(run.Settings))!;
        records["index"]!["recorded"]!["version"] = "99.1.0";
        File.WriteAllText(run.Settings, records.ToJsonString());
        GenQException e = Assert.Throws<GenQException>(() => RunSearcher.Open(run, RunEncoder.Open(run)));
        Assert.Equal(("99.1.0", run.Settings), (e.Got, e.Where));
        Assert.Contains("was made by GenQ 99.1.0", e.Message, StringComparison.Ordinal);
        Assert.Throws<GenQException>(() => Pipeline(folder));
    }

    [Fact]
    public async Task A_run_that_asks_for_no_export_is_searched_with_the_model_itself()
    {
        using TemporaryFolder folder = new();
        Pipeline(folder);
        await new GenQPipeline(folder["run"], Settings(folder) with { Export = false }).RunAsync();
        using ISentenceEncoder encoder = RunEncoder.Open(new RunFolder(folder["run"]));
        Assert.IsType<BiEncoder>(encoder);
    }

    [Fact]
    public async Task A_finished_run_is_only_measured_again()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        DateTime written = File.GetLastWriteTimeUtc(folder["run", "model", "model.safetensors"]);
        await Pipeline(folder).RunAsync();
        Assert.Equal(written, File.GetLastWriteTimeUtc(folder["run", "model", "model.safetensors"]));
    }

    [Fact]
    public async Task The_index_of_the_run_is_what_is_measured_and_without_it_the_same_comes_out()
    {
        using TemporaryFolder folder = new();
        RunReport indexed = await Pipeline(folder).RunAsync();
        (long encoded, _) = await EvaluateAsync();
        Directory.Delete(folder["run", "index"], recursive: true);
        (long all, RunReport plain) = await EvaluateAsync();
        Assert.Equal(encoded + PassageFile.Read(folder["run", "passages.jsonl"]).Count(), all);
        Assert.Equal(indexed.Comparison["adapted"].Ndcg10, plain.Comparison["adapted"].Ndcg10, 1e-6);
        Assert.Equal(indexed.Comparison["hybrid"].Ndcg10, plain.Comparison["hybrid"].Ndcg10, 1e-6);

        async Task<(long Encoded, RunReport Report)> EvaluateAsync()
        {
            long total = 0;
            RunReport report = await new GenQPipeline(
                folder["run"], progress: new SynchronousProgress<StageProgress>(p => total = p.Stage == "encoding with adapted" ? p.Total : total)).EvaluateAsync();
            return (total, report);
        }
    }

    [Fact]
    public async Task Other_settings_are_refused_by_their_name()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        GenQSettings other = Settings(folder) with { Query = new QuerySettings { MaxLength = 5 } };
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(folder["run"], other).GenerateQueriesAsync());
        Assert.Contains("'generate'", error.Message, StringComparison.Ordinal);
        Assert.Contains("max length was 8, is now 5", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stage_that_failed_before_it_wrote_anything_may_begin_again_with_other_settings()
    {
        using TemporaryFolder folder = new();
        GenQSettings settings = Settings(folder) with { Corpus = CorpusSource.Documents(folder["nowhere"]) };
        await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(folder["run"], settings).MakePassagesAsync());
        Assert.False(Directory.Exists(folder["run"]));
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        settings = Settings(folder) with { Training = new BiEncoderTrainerOptions { BatchSize = 500 } };
        await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(folder["run"], settings).TrainEncoderAsync());
        await Pipeline(folder).TrainEncoderAsync();
        Assert.Equal(8, new RunLedger(folder["run", "genq.json"]).Settings.Training.BatchSize);
    }

    [Fact]
    public async Task Choices_are_written_in_words_and_numbers_of_older_runs_are_read()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        string written = File.ReadAllText(folder["run", "genq.json"]);
        File.WriteAllText(folder["run", "genq.json"], written.Replace("\"labels\": \"hard\"", "\"labels\": 1", StringComparison.Ordinal));
        Assert.Equal(LabelKind.Soft, new RunLedger(folder["run", "genq.json"]).Settings.Training.Labels);
    }

    [Fact]
    public async Task Damaged_settings_are_named()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        File.WriteAllText(folder["run", "genq.json"], File.ReadAllText(folder["run", "genq.json"]).Replace("\"batch_size\": 8", "\"batch_size\": 0", StringComparison.Ordinal));
        GenQException error = Assert.Throws<GenQException>(() => new GenQPipeline(folder["run"]));
        Assert.Contains("genq.json' are damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_pair_of_a_held_out_document_is_trained_on()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        RunFolder run = new(folder["run"]);
        RetrievalTask task = BeirFolder.Read(run.HeldOut, corpus: run.Passages);
        HashSet<string> heldOut = [.. task.Relevant.Values.SelectMany(passages => passages.Keys)];
        Assert.NotEmpty(heldOut);
        Assert.DoesNotContain(PairFiles.ReadOrigins(PairFiles.OriginsPath(run.Pairs, 0)), origin => heldOut.Contains(origin.Passage));
    }

    [Fact]
    public async Task Evaluation_queries_that_were_written_before_a_stop_are_not_written_again()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        RunFolder run = new(folder["run"]);
        string pairs = PairFiles.Path(run.HeldOutPairs, 0);
        File.WriteAllLines(pairs, File.ReadAllLines(pairs).Select((line, i) => $"what is number {i}?{line[line.IndexOf('\t', StringComparison.Ordinal)..]}"));
        File.Delete(run.HeldOutQueries);
        await Pipeline(folder).GenerateQueriesAsync();
        RetrievalTask task = BeirFolder.Read(run.HeldOut, corpus: run.Passages);
        Assert.Equal(Enumerable.Range(0, task.Queries.Count).Select(i => $"what is number {i}?"), task.Queries.Select(query => query.Text));
    }

    [Fact]
    public async Task An_evaluation_query_whose_line_is_gone_is_not_taken_for_the_next_passage_s()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        RunFolder run = new(folder["run"]);
        string pairs = PairFiles.Path(run.HeldOutPairs, 0);
        File.WriteAllLines(pairs, File.ReadAllLines(pairs).Skip(1));
        File.Delete(run.HeldOutQueries);
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => Pipeline(folder).GenerateQueriesAsync());
        Assert.Contains("lines for each of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labelled_queries_take_the_place_of_generated_ones()
    {
        using TemporaryFolder folder = new();
        Passage[] corpus = [.. Enumerable.Range(0, 12).Select(i => new Passage($"d{i}", $"Text number {i} is about thing {i}."))];
        BeirFolder.Write(folder["beir"], new RetrievalTask(
            "beir",
            [new RetrievalQuery("q", "thing 3")],
            corpus,
            new Dictionary<string, IReadOnlyDictionary<string, int>> { ["q"] = new Dictionary<string, int> { ["d3"] = 1 } }));
        RunReport report = await new GenQPipeline(folder["run"], Settings(folder) with { Corpus = CorpusSource.Beir(folder["beir"]) }).RunAsync();
        Assert.False(report.IsGenerated);
        Assert.Equal(12, PassageFile.Read(folder["run", "passages.jsonl"]).Count());
        Assert.Equal(1, report.Comparison["bm25"].Ndcg10);
    }

    [Fact]
    public async Task The_card_says_where_queries_are_crops()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        GenQSettings settings = Settings(folder) with { Query = new QuerySettings { MaxLength = 8, Crops = 3 } };
        await new GenQPipeline(folder["run"], settings).GenerateQueriesAsync();
        await new GenQPipeline(folder["run"], settings).TrainEncoderAsync();
        Assert.Contains(" spans cut out of the passages, in place of queries, for 22 passages", File.ReadAllText(folder["run", "model", "README.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Queries_written_with_weights_of_8_bits_are_not_mixed_with_others()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        GenQSettings settings = Settings(folder);
        await new GenQPipeline(folder["run"], settings with { Query = settings.Query with { Int8Weights = true } }).GenerateQueriesAsync();
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(folder["run"], settings).GenerateQueriesAsync());
        Assert.Matches("precision was (bf16|fp32), int8, is now (bf16|fp32)", error.Message);
    }

    [Fact]
    public async Task Queries_that_no_training_step_has_a_place_for_are_not_written()
    {
        using TemporaryFolder folder = new();
        List<string> said = [];
        await Pipeline(folder).MakePassagesAsync();
        GenQSettings settings = Settings(folder) with { Holdout = 0, Training = new BiEncoderTrainerOptions { BatchSize = 5, MaxSteps = 2 } };
        await new GenQPipeline(folder["run"], settings, new SynchronousProgress<StageProgress>(p => said.Add(p.Words))).GenerateQueriesAsync();
        string[] passages = Passages();
        Assert.Equal(10, passages.Length);
        Assert.NotEqual(PassageFile.Read(folder["run", "passages.jsonl"]).Take(10).Select(passage => passage.SearchText), passages);
        Assert.Contains(said, line => line.StartsWith("Training queries are written for 10 of 24 passages", StringComparison.Ordinal));

        // While there are pairs what was chosen stays, whatever a later command asks for; so a smaller batch can mend a training that failed.
        GenQPipeline other = new(folder["run"], settings with { Training = new BiEncoderTrainerOptions { BatchSize = 4, MaxSteps = 9 } });
        await other.GenerateQueriesAsync();
        Assert.Equal(passages, Passages());
        await other.TrainEncoderAsync();
        Assert.Contains("for 10 passages", File.ReadAllText(folder["run", "model", "README.md"]), StringComparison.Ordinal);

        Directory.Delete(folder["run", "pairs"], recursive: true);
        await other.GenerateQueriesAsync();
        Assert.Equal(24, Passages().Length);

        string[] Passages() => [.. PairFiles.Read(folder["run", "pairs"]).Select(pair => pair.Passage).Distinct()];
    }

    [Fact]
    public async Task Until_a_later_stage_has_begun_what_it_is_to_do_may_be_said_anew()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await new GenQPipeline(folder["run"], Settings(folder) with { Query = new QuerySettings { MaxLength = 8, Crops = 1 } }).MakePassagesAsync();
        Assert.Equal(1, new RunLedger(folder["run", "genq.json"]).Settings.Query.Crops);
        await new GenQPipeline(folder["run"]).GenerateQueriesAsync();
        List<string> said = [];
        await new GenQPipeline(folder["run"], Settings(folder) with { Query = new QuerySettings { MaxLength = 8, Crops = 1 } }, Messages(said)).MakePassagesAsync();
        Assert.Empty(said);
        await Pipeline(folder, said).MakePassagesAsync();
        Assert.Equal(1, new RunLedger(folder["run", "genq.json"]).Settings.Query.Crops);
        Assert.Contains("not written down", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_goes_on_with_what_the_last_call_said_of_the_stages_to_come_and_of_where_things_lie()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        GenQSettings more = Settings(folder) with { Training = new BiEncoderTrainerOptions { BatchSize = 8, Epochs = 2 } };
        await new GenQPipeline(folder["run"], more).GenerateQueriesAsync();
        Assert.Equal(2, new RunLedger(folder["run", "genq.json"]).Settings.Training.Epochs);

        await new GenQPipeline(folder["run"], more).RunAsync();
        Directory.CreateDirectory(folder["moved", "1_Pooling"]);
        foreach (string file in Directory.GetFiles(more.Base, "*", SearchOption.AllDirectories)) File.Copy(file, folder["moved", Path.GetRelativePath(more.Base, file)]);
        await new GenQPipeline(folder["run"], more with { Base = folder["moved"] }).RunAsync();
        Assert.Equal(folder["moved"], new RunLedger(folder["run", "genq.json"]).Settings.Base);
    }

    [Fact]
    public async Task Pairs_of_an_interrupted_generation_are_not_trained_on()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        File.Delete(PairFiles.OriginsPath(folder["run", "pairs"], 0));
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => Pipeline(folder).TrainEncoderAsync());
        Assert.Contains("has 0 of 1 files", error.Message, StringComparison.Ordinal);
        Assert.Contains("generate", Assert.IsType<Remedy.RunStage>(error.Remedy).Stage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pairs_that_were_changed_by_hand_are_judged_anew_and_not_taken_for_those_of_the_model()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        await Pipeline(folder).TrainEncoderAsync();
        string file = PairFiles.Path(folder["run", "pairs"], 0);
        string[] lines = File.ReadAllLines(file);
        lines[0] = "what does the first one say?" + lines[0][lines[0].IndexOf('\t', StringComparison.Ordinal)..];
        File.WriteAllLines(file, lines[..^1]);
        await Pipeline(folder).FilterPairsAsync();
        Assert.Contains($"\"of\": {lines.Length - 1}", File.ReadAllText(folder["run", "filter-summary.json"]), StringComparison.Ordinal);
        Assert.Contains("pairs was", (await Assert.ThrowsAsync<GenQException>(() => Pipeline(folder).TrainEncoderAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_trained_on_finds_its_passage_and_what_the_filter_read_for_that_serves_the_evaluation_and_stays()
    {
        using TemporaryFolder folder = new();
        Pipeline(folder);
        GenQPipeline pipeline = new(folder["run"], Settings(folder) with { FilterRank = 1 });
        await pipeline.MakePassagesAsync();
        await pipeline.GenerateQueriesAsync();
        RunFolder run = new(folder["run"]);
        string file = Directory.GetFiles(run.Pairs, "*.tsv").Single();
        string[] lines = File.ReadAllLines(file), passages = [.. lines.Select(line => line.Split('\t')[1]).Distinct()];
        int second = Array.FindIndex(lines, line => line.EndsWith($"\t{passages[1]}", StringComparison.Ordinal));
        (lines[0], lines[second]) = ($"{Words(passages[0])}\t{passages[0]}", $"{Words(passages[0])}\t{passages[1]}");
        File.WriteAllLines(file, lines);
        await pipeline.FilterPairsAsync();
        string[] verdicts = [.. File.ReadLines(run.Filter).Select(line => JsonNode.Parse(line)!["verdict"]!.GetValue<string>())];
        Assert.Equal(("Kept", "NotFound"), (verdicts[0], verdicts[second]));
        Assert.Single(Directory.GetFiles(run.BaseVectors, "*.vectors"));

        // Who asks for another rank has them judged anew.
        await new GenQPipeline(folder["run"], Settings(folder) with { FilterRank = passages.Length + 100 }).FilterPairsAsync();
        Assert.DoesNotContain("NotFound", File.ReadAllText(run.FilterSummary), StringComparison.Ordinal);
        List<StageProgress> stages = [];
        RunReport report = await new GenQPipeline(folder["run"], Settings(folder) with { FilterRank = passages.Length + 100 }, new SynchronousProgress<StageProgress>(stages.Add)).RunAsync();
        Assert.Single(Directory.GetFiles(run.BaseVectors, "*.vectors"));

        // The base reads the queries alone, and the same figures come out as without those vectors.
        Assert.All(stages.Where(p => p.Stage == "encoding with base"), p => Assert.Equal(report.Comparison["base"].Queries.Count, p.Total));
        RunReport again = await new GenQPipeline(folder["run"], Settings(folder) with { FilterRank = passages.Length + 100 }).EvaluateAsync();
        Assert.Equal(again.Comparison["base"].Ndcg10, report.Comparison["base"].Ndcg10);

        static string Words(string passage) => string.Join(' ', passage.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Of_a_training_that_held_out_queries_do_not_support_the_base_is_kept_and_an_interrupted_choice_goes_on()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        RunFolder run = new(folder["run"]);
        string weights = Path.Combine(run.Model, "model.safetensors");
        byte[] trained = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        GenQSettings settings = Settings(folder) with { KeepBest = true };
        List<StageProgress> told = [];
        ModelChoice Choice()
        {
            RunState state = new(run);
            return new ModelChoice(run, settings, state, new BaseVectors(run, settings, state));
        }

        // As it is decided of what was measured, so the weights are.
        Assert.False(Choice().IsMade);
        Choice().Make(new SynchronousProgress<StageProgress>(told.Add), TestContext.Current.CancellationToken);
        Assert.Contains(told, progress => progress.Words.Contains("on held-out queries", StringComparison.Ordinal));
        KeptModel kept = KeptModel.Read(run)!;
        byte[] chosen = await File.ReadAllBytesAsync(weights, TestContext.Current.CancellationToken);
        Assert.Equal(ModelChoice.Decide(kept.Tried), kept.BaseShare);
        Assert.Equal(kept.BaseShare == 0, trained.AsSpan().SequenceEqual(chosen));
        Assert.True(Choice().IsMade);

        // Here the base is decided for, and then the power fails before the weights are moved.
        (kept with { BaseShare = 1, Weights = "not yet", Tried = [new TriedModel(0, Verdict.Worse, new(-2, -1, 0), new(-2, -1, 0))] }).Write(run);
        await File.WriteAllBytesAsync(weights, trained, TestContext.Current.CancellationToken);
        told.Clear();
        Choice().Make(new SynchronousProgress<StageProgress>(told.Add), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(told, progress => progress.Words.Contains("on held-out queries", StringComparison.Ordinal));
        Assert.True(Choice().IsMade);
        using BiEncoder model = BiEncoder.Load(run.Model, new BiEncoderOptions { Precision = Precision.Fp32 }), tuned = BiEncoder.Load(settings.Base, new BiEncoderOptions { Precision = Precision.Fp32 });
        Assert.Equal(tuned.Encode(["topic 3"])[0], model.Encode(["topic 3"])[0]);
    }

    [Fact]
    public async Task What_people_reject_is_neither_trained_on_nor_measured_on_and_what_they_write_is()
    {
        using TemporaryFolder folder = new();
        List<string> said = [];
        RunReport before = await Pipeline(folder, said).RunAsync();
        Assert.Null(before.Labelled);
        Assert.DoesNotContain(said, line => line.Contains("labelled/", StringComparison.Ordinal));
        RunFolder run = new(folder["run"]);
        byte[] weights = await File.ReadAllBytesAsync(Path.Combine(run.Model, "model.safetensors"), TestContext.Current.CancellationToken);
        Passage[] passages = [.. PassageFile.Read(run.Passages)];
        string heldOut = HoldOut.IdsOf(run).First(), trained = passages.First(passage => !HoldOut.IdsOf(run).Contains(passage.Id)).Id;
        RetrievalQuery measured = BeirFolder.Read(run.HeldOut, corpus: run.Passages).Queries[0];
        QueryPassagePair pair = PairFiles.Read(run.Pairs).First(pair => pair.HasBothTexts);
        Judgements judgements = Judgements.Open(run);
        judgements.Reject(passages.First(passage => PairFiles.OneField(passage.SearchText) == pair.Passage).Id, pair.Query);
        judgements.Reject(measured.Id[..measured.Id.LastIndexOf('?')], measured.Text);
        judgements.Add(trained, "a query that trains");
        judgements.Add(heldOut, "a query that measures");
        judgements.Mark("topic of the handbook", trained, true);
        judgements.Mark("topic of the handbook", heldOut, false);
        judgements.Mark("of a passage that is gone", "gone.md#9", true);

        RunReport after = await Pipeline(folder, said).RunAsync();
        Assert.Contains(said, line => line.Contains("1 rejected pairs are left out, 1 pairs that people wrote are trained on", StringComparison.Ordinal));
        Assert.Contains(said, line => line.Contains("trained anew", StringComparison.Ordinal));
        Assert.NotEqual(weights, await File.ReadAllBytesAsync(Path.Combine(run.Model, "model.safetensors"), TestContext.Current.CancellationToken));
        Assert.Equal(before.Comparison["base"].Queries.Count - 1, after.Comparison["base"].Queries.Count);
        Assert.Equal(2, after.Labelled!.Comparison["base"].Queries.Count);
        Assert.False(after.Labelled.IsGenerated);
        Assert.Equal(2, JsonNode.Parse(await File.ReadAllTextAsync(run.Report, TestContext.Current.CancellationToken))!["labelled"]!["queries"]!.GetValue<int>());

        // What is judged already does not train anew, and no other setting slips in behind it.
        said.Clear();
        await Pipeline(folder, said).RunAsync();
        Assert.DoesNotContain(said, line => line.Contains("trained anew", StringComparison.Ordinal));
        judgements.Remove(trained, "a query that trains");
        GenQSettings settings = Settings(folder);
        GenQPipeline other = new(folder["run"], settings with { Training = settings.Training with { LearningRate = 1e-3 } });
        await Assert.ThrowsAsync<GenQException>(() => other.RunAsync());
    }

    [Fact]
    public async Task A_filter_that_failed_over_changed_pairs_is_not_taken_for_done()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        await Pipeline(folder).GenerateQueriesAsync();
        await Pipeline(folder).FilterPairsAsync();
        RunFolder run = new(folder["run"]);
        string file = PairFiles.Path(run.Pairs, 0);
        File.WriteAllText(file, "what does the first one say?" + File.ReadAllText(file));
        File.Delete(run.Filter);
        Directory.CreateDirectory(run.Filter);
        await Assert.ThrowsAsync<GenQException>(() => Pipeline(folder).FilterPairsAsync());
        Directory.Delete(run.Filter);
        await Pipeline(folder).FilterPairsAsync();
        Assert.True(File.Exists(run.Filter));
    }

    [Fact]
    public async Task An_index_whose_making_was_stopped_is_not_the_old_one()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        RunFolder run = new(folder["run"]);
        byte[] old = File.ReadAllBytes(run.Index);

        // As a version that wrote down no files has left it: other passages are told by the index's identity alone.
        RunRecords records = new(run.Settings);
        records.SetFiles("passages", null);
        records.Save(run.Settings);
        File.WriteAllText(run.Passages, File.ReadAllText(run.Passages).Replace("\"text\": \"", "\"text\": \"Changed. ", StringComparison.Ordinal).Replace("\"text\":\"", "\"text\":\"Changed. ", StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Pipeline(folder).IndexPassagesAsync(new CancellationToken(canceled: true)));
        await Pipeline(folder).IndexPassagesAsync();
        Assert.NotEqual(old, File.ReadAllBytes(run.Index));
    }

    [Fact]
    public async Task A_damaged_index_is_made_anew()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        RunFolder run = new(folder["run"]);
        byte[] index = File.ReadAllBytes(run.Index);
        File.WriteAllBytes(run.Index, index[..^1]);
        Assert.Throws<GenQException>(() => RunSearcher.Open(run, RunEncoder.Open(run)));
        await Pipeline(folder).IndexPassagesAsync();
        Assert.Equal(index, File.ReadAllBytes(run.Index));
    }

    [Fact]
    public async Task The_base_reads_the_passages_once_and_again_only_in_another_precision()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).RunAsync();
        RunFolder run = new(folder["run"]);
        Assert.False(Directory.Exists(run.EvaluationVectors));
        Assert.False(await IsReadByTheBaseAsync());
        RunLedger ledger = new(run.Settings);
        ledger.Save(ledger.Settings with { Precision = ledger.Settings.PrecisionInUse == "bf16" ? Precision.Fp32 : Precision.Bf16 });

        // What was read before a stop is not read again.
        using CancellationTokenSource stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => EvaluateAsync(
            p =>
            {
                if (p.Stage == Reading && p.Done == p.Total) stop.Cancel();
            },
            stop.Token));
        Assert.False(await IsReadByTheBaseAsync());

        async Task<bool> IsReadByTheBaseAsync()
        {
            bool isRead = false;
            await EvaluateAsync(p => isRead |= p.Stage == Reading, CancellationToken.None);
            return isRead;
        }

        Task EvaluateAsync(Action<StageProgress> told, CancellationToken cancellation)
            => new GenQPipeline(folder["run"], progress: new SynchronousProgress<StageProgress>(told)).EvaluateAsync(cancellation);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_refused_before_any_work()
    {
        using TemporaryFolder folder = new();
        GenQPipeline pipeline = new(folder["run"], Settings(folder) with { Holdout = 0 });
        Assert.Contains("nothing to measure", (await Assert.ThrowsAsync<GenQException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
        pipeline = new(folder["run"], Settings(folder) with { Labelled = folder["nowhere"] });
        Assert.Contains("nowhere", (await Assert.ThrowsAsync<GenQException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["run", "passages.jsonl"]));
    }

    [Fact]
    public async Task Queries_of_one_word_are_nothing_to_measure_with()
    {
        using TemporaryFolder folder = new();
        await Pipeline(folder).MakePassagesAsync();
        GenQPipeline pipeline = new(folder["run"], Settings(folder) with { Query = new QuerySettings { MaxLength = 2 } });
        Assert.Contains("held-out passages got a query", (await Assert.ThrowsAsync<GenQException>(() => pipeline.GenerateQueriesAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_may_name_corpora_but_none_may_have_an_id_of_another()
    {
        using TemporaryFolder folder = new();
        PassageFile.Write(folder["a.jsonl"], [new Passage("1", "One."), new Passage("2", "Two.")]);
        PassageFile.Write(folder["b.jsonl"], [new Passage("3", "Three.")]);
        GenQSettings settings = Settings(folder) with { Corpus = CorpusSource.Documents(folder["*.jsonl"]) };
        await new GenQPipeline(folder["run"], settings).MakePassagesAsync();
        Assert.Equal(["1", "2", "3"], PassageFile.Read(folder["run", "passages.jsonl"]).Select(passage => passage.Id));

        PassageFile.Write(folder["b.jsonl"], [new Passage("3\t4", "Three.")]);
        GenQException tab = await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(folder["other"], settings).MakePassagesAsync());
        Assert.Contains("\"3\\t4\" holds a tab", tab.Message, StringComparison.Ordinal);

        PassageFile.Write(folder["b.jsonl"], [new Passage("2", "Three.")]);
        GenQException error = await Assert.ThrowsAsync<GenQException>(() => new GenQPipeline(folder["other"], settings).MakePassagesAsync());
        Assert.Contains("\"2\" stands twice", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_an_error_before_any_model_is_fetched()
    {
        using TemporaryFolder folder = new();
        GenQPipeline pipeline = new(folder["run"], new GenQSettings { Corpus = CorpusSource.Documents(folder["nowhere"]), Base = folder["no-model"] });
        Assert.Contains("nowhere", (await Assert.ThrowsAsync<GenQException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_folder_is_an_error()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["docs"]);
        GenQPipeline pipeline = new(folder["run"], new GenQSettings { Corpus = CorpusSource.Documents(folder["docs"]), Base = Shared.Golden("checkpoints", "mpnet-tiny") });
        Assert.Contains("There is no file", (await Assert.ThrowsAsync<GenQException>(() => pipeline.RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_no_run_is_an_error()
    {
        using TemporaryFolder folder = new();
        Assert.Contains("no genq.json", Assert.Throws<GenQException>(() => new GenQPipeline(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_in_another_language_is_warned_of()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["docs"]);
        File.WriteAllText(folder["docs", "a.txt"], string.Join("\n\n", Enumerable.Range(0, 30).Select(i => $"Der Bundestag beschloss am Dienstag Gesetz Nummer {i}.")));
        List<string> said = [];
        GenQSettings settings = Settings(folder) with { Generator = Shared.Golden("checkpoints", "t5-tiny") };
        GenQPipeline pipeline = new(folder["run"], settings, new SynchronousProgress<StageProgress>(p => said.Add(p.Words)));
        await pipeline.MakePassagesAsync();
        await pipeline.GenerateQueriesAsync();
        Assert.Contains(said, line => line.Contains("a generator and a base of the language", StringComparison.Ordinal));
    }

    private static GenQPipeline Pipeline(TemporaryFolder folder, List<string>? said = null)
    {
        if (!Directory.Exists(folder["docs"]))
        {
            Directory.CreateDirectory(folder["docs"]);
            for (int i = 0; i < 24; i++)
            {
                File.WriteAllText(folder["docs", $"doc{i}.md"], $"# Topic {i}\n\nThis is topic {i} of the handbook, and it says what is to be done with part {i}.\n");
            }

            File.WriteAllText(folder["docs", "broken.pdf"], "%PDF-1.4 and no more");
        }

        return new GenQPipeline(folder["run"], Settings(folder), Messages(said));
    }

    private static SynchronousProgress<StageProgress> Messages(List<string>? said) => new(p =>
    {
        if (p.Moment == StageMoment.Said) said?.Add(p.Words);
    });

    private static GenQSettings Settings(TemporaryFolder folder) => new()
    {
        Corpus = CorpusSource.Documents(folder["docs"]),
        Generator = Shared.Golden("checkpoints", "t5-tiny"),
        Base = Shared.Golden("checkpoints", "mpnet-tiny"),
        Precision = Precision.Fp32,
        Query = new QuerySettings { MaxLength = 8 },
        FilterRank = 0,
        KeepBest = false,
        Training = new BiEncoderTrainerOptions { BatchSize = 8 },
    };
}
