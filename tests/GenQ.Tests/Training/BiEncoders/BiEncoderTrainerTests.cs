using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Text;
using GenQ.Training;
using TorchSharp;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class BiEncoderTrainerTests
{
    private static readonly BiEncoderTrainerOptions Small = new()
    {
        BatchSize = 4,
        Epochs = 6,
        LearningRate = 1e-3,
        CheckpointEvery = 5,
        Precision = Precision.Fp32,
    };

    [Theory]
    [InlineData("mpnet-tiny")]
    [InlineData("bert-tiny")]
    [InlineData("distilbert-tiny")]
    [InlineData("xlm-roberta-tiny")]
    public void Twenty_steps_go_as_in_the_reference(string name)
    {
        using EncoderGolden golden = new(name);
        using TemporaryFolder folder = new();
        golden.CopyTo(
            folder["start"], ("hidden_dropout_prob", 0), ("attention_probs_dropout_prob", 0), ("dropout", 0), ("attention_dropout", 0));
        List<TrainingStep> steps = [];
        BiEncoderTrainer trainer = new(Small with { BatchSize = 8, Epochs = 20, LearningRate = 2e-3 });
        SynchronousProgress<TrainingStep> record = new(steps.Add);
        TrainingSummary summary = trainer.Train(folder["start"], golden.Pairs, folder.Path, progress: record);
        Assert.Equal(new TrainingSummary(20, 2, 8, 0, 0), summary);
        JsonArray expected = golden.Expected["fit"]!["steps"]!.AsArray();
        Assert.Equal(expected.Count, steps.Count);
        foreach ((JsonNode? want, TrainingStep got) in expected.Zip(steps))
        {
            EncoderGolden.AssertRelative(want!["loss"]!.GetValue<double>(), got.Loss, 1e-3);
            EncoderGolden.AssertRelative(want["gradient_norm"]!.GetValue<double>(), got.GradientNorm, 1e-3);
            Assert.Equal(want["lr"]!.GetValue<double>(), got.LearningRate, 1e-12);
        }

        using BiEncoder tuned = BiEncoder.Load(folder["model"], new BiEncoderOptions { Precision = Precision.Fp32 });
        EncoderGolden.AssertClose(golden["queries_after_training"], tuned.EncodeQueries([.. golden.Pairs.Select(p => p.Query)]), 2e-3);
    }

    [Theory]
    [InlineData(Precision.Fp32, LabelKind.Hard, 1)]
    [InlineData(Precision.Bf16, LabelKind.Hard, 1)]
    [InlineData(Precision.Fp32, LabelKind.Hard, 2)]
    [InlineData(Precision.Fp32, LabelKind.Soft, 2)]
    public void A_killed_training_goes_on_to_the_same_weights(Precision precision, LabelKind labels, int neighbours)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        BiEncoderTrainer trainer = new(Small with { Precision = precision, Labels = labels, Neighbours = neighbours });
        trainer.Train(golden.Folder, golden.Pairs, folder["whole"]);

        // Thrown in the middle of step 8, nothing is tidied up: as good as killed.
        SynchronousProgress<TrainingStep> kill = new(step =>
        {
            if (step.Step == 8) throw new InvalidTimeZoneException();
        });
        Assert.Throws<InvalidTimeZoneException>(() => trainer.Train(golden.Folder, golden.Pairs, folder["killed"], progress: kill));
        Assert.True(File.Exists(folder["killed", "checkpoints", "checkpoint.safetensors"]));
        using (BiEncoder loadable = BiEncoder.Load(folder["killed", "checkpoints", "model"])) Assert.Equal(32, loadable.Dimensions);
        List<long> steps = [];
        trainer.Train(golden.Folder, golden.Pairs, folder["killed"], progress: new SynchronousProgress<TrainingStep>(step => steps.Add(step.Step)));
        Assert.Equal([6, 7, 8, 9, 10, 11, 12], steps);
        Assert.Equal(Weights(folder["whole"]), Weights(folder["killed"]));
        Assert.Equal(Losses(folder["whole"]), Losses(folder["killed"]));
        Assert.False(File.Exists(folder["killed", "checkpoints", "checkpoint.safetensors"]));
    }

    [Fact]
    public void The_best_point_of_a_training_is_kept_and_a_killed_training_keeps_the_same()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        BiEncoderTrainer trainer = new(Small with { Looks = 4, BaseShare = 0.25 });

        // Twelve steps have looks after 3, 6, 9 and 12; what is found falls after the second.
        double[] found = [0.5, 0.7, 0.6, 0.1];
        List<byte[]> seen = [];
        double Measure(string model)
        {
            byte[] weights = File.ReadAllBytes(Path.Combine(model, "model.safetensors"));
            int place = seen.FindIndex(weights.SequenceEqual);
            if (place < 0) seen.Add(weights);
            return found[place < 0 ? seen.Count - 1 : place];
        }

        TrainingSummary summary = trainer.Train(golden.Folder, golden.Pairs, folder["whole"], measure: Measure);
        Assert.Equal(6, summary.BestStep);
        Assert.Equal(4, seen.Count);
        Assert.Equal(seen[1], Weights(folder["whole"]));
        Assert.Equal(found, File.ReadLines(folder["whole", "training.jsonl"]).Select(line => (double?)JsonNode.Parse(line)!["held_out"]).OfType<double>());
        Assert.False(Directory.Exists(folder["whole", "checkpoints"]));

        // The checkpoint is of step 5, the best point of step 6.
        SynchronousProgress<TrainingStep> kill = new(step =>
        {
            if (step.Step == 8) throw new InvalidTimeZoneException();
        });
        Assert.Throws<InvalidTimeZoneException>(() => trainer.Train(golden.Folder, golden.Pairs, folder["killed"], progress: kill, measure: Measure));
        Assert.Equal(6, trainer.Train(golden.Folder, golden.Pairs, folder["killed"], measure: Measure).BestStep);
        Assert.Equal(seen[1], Weights(folder["killed"]));
    }

    [Theory]
    [InlineData(LabelKind.Hard)]
    [InlineData(LabelKind.Soft)]
    public void Queries_that_stand_together_are_learned_in_the_same_step(LabelKind labels)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        golden.CopyTo(
            folder["start"], ("hidden_dropout_prob", 0), ("attention_probs_dropout_prob", 0), ("dropout", 0), ("attention_dropout", 0));
        string[] passages = [.. golden.Pairs.Take(4).Select(pair => pair.Passage)];
        QueryPassagePair[] pairs = [.. golden.Pairs.Select((pair, i) => new QueryPassagePair(pair.Query, passages[i % 4]))];
        BiEncoderTrainer trainer = new(Small with { QueriesTogether = 2, Epochs = 1, Labels = labels });
        List<TrainingStep> steps = [];
        Assert.Equal(new TrainingSummary(1, 0, 8, 0, 0), trainer.Train(folder["start"], pairs, folder.Path, progress: new SynchronousProgress<TrainingStep>(steps.Add)));

        using BiEncoder model = BiEncoder.Load(folder["start"], new BiEncoderOptions { Precision = Precision.Fp32 });
        using IDisposable scope = torch.NewDisposeScope();
        RankingExample[] examples = RankingExample.Of(pairs, 2);
        using BaseReading reading = new(BiEncoder.Load(folder["start"], new BiEncoderOptions { Precision = Precision.Fp32 }), examples, null, CancellationToken.None);
        torch.Tensor queries = torch.stack(model.EncodeQueries([.. Enumerable.Range(0, 8).Select(i => pairs[i / 2 + i % 2 * 4].Query)]).Select(vector => torch.tensor(vector)));
        torch.Tensor texts = torch.stack(model.EncodePassages(passages).Select(vector => torch.tensor(vector)));
        torch.Tensor expected = MultipleNegativesRanking.Loss(
            queries, texts, labels == LabelKind.Hard ? torch.tensor([0L, 0, 1, 1, 2, 2, 3, 3]) : new SoftLabels(examples, reading, new BatchWords(examples)).Targets([0, 1, 2, 3]));
        Assert.Equal(expected.item<float>(), steps.Single().Loss, 1e-4);
    }

    [Fact]
    public void Soft_labels_leave_a_second_right_answer_near_and_hard_ones_drive_it_away()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        QueryPassagePair[] pairs =
        [
            new("where do dogs live", "dogs live in houses"), new("where do dogs live now", "dogs live in houses, all of them"),
            new("what do fish eat", "worms are eaten by fish"), new("who flies", "only a bird or a plane"),
        ];
        Assert.True(SecondAnswer(LabelKind.Soft) > SecondAnswer(LabelKind.Hard) + 0.1);

        double SecondAnswer(LabelKind labels)
        {
            new BiEncoderTrainer(Small with { Epochs = 40, Labels = labels }).Train(golden.Folder, pairs, folder[$"{labels}"]);
            using BiEncoder tuned = BiEncoder.Load(folder[$"{labels}", "model"], new BiEncoderOptions { Precision = Precision.Fp32 });
            float[] query = tuned.EncodeQueries([pairs[0].Query])[0], passage = tuned.EncodePassages([pairs[1].Passage])[0];
            return query.Zip(passage, (x, y) => (double)x * y).Sum() / Math.Sqrt(query.Sum(x => (double)x * x) * passage.Sum(x => (double)x * x));
        }
    }

    [Fact]
    public void A_cancelled_training_stops_after_the_step_and_goes_on_from_there()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        using CancellationTokenSource cancel = new();
        BiEncoderTrainer trainer = new(Small);
        SynchronousProgress<TrainingStep> stop = new(step =>
        {
            if (step.Step == 3) cancel.Cancel();
        });
        Assert.Throws<OperationCanceledException>(
            () => trainer.Train(golden.Folder, golden.Pairs, folder.Path, progress: stop, cancellation: cancel.Token));
        List<long> steps = [];
        trainer.Train(golden.Folder, golden.Pairs, folder.Path, progress: new SynchronousProgress<TrainingStep>(step => steps.Add(step.Step)));
        Assert.Equal(4, steps[0]);
        Assert.Equal(12, Losses(folder.Path).Length);
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_refused_naming_them()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        SynchronousProgress<TrainingStep> kill = new(step =>
        {
            if (step.Step == 6) throw new InvalidTimeZoneException();
        });
        Assert.Throws<InvalidTimeZoneException>(
            () => new BiEncoderTrainer(Small).Train(golden.Folder, golden.Pairs, folder.Path, progress: kill));
        BiEncoderTrainer other = new(Small with { LearningRate = 2e-3 });
        string message = Assert.Throws<GenQException>(() => other.Train(golden.Folder, golden.Pairs, folder.Path)).Message;
        Assert.Contains("learning rate was 0.001, is now 0.002", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_whose_settings_have_former_names_goes_on_to_the_same_weights()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        BiEncoderTrainer trainer = new(Small with { Labels = LabelKind.Soft, HalfWeights = true });
        trainer.Train(golden.Folder, golden.Pairs, folder["whole"]);
        SynchronousProgress<TrainingStep> kill = new(step =>
        {
            if (step.Step == 6) throw new InvalidTimeZoneException();
        });
        Assert.Throws<InvalidTimeZoneException>(() => trainer.Train(golden.Folder, golden.Pairs, folder["killed"], progress: kill));
        string checkpoint = folder["killed", "checkpoints", "checkpoint.safetensors"];
        using (torch.NewDisposeScope())
        {
            IReadOnlyDictionary<string, string> saved = SafeTensors.ReadHeader(checkpoint).Metadata;
            TensorFile.Write(checkpoint, TensorFile.Read(checkpoint), new Dictionary<string, string>
            {
                ["start"] = saved["base"],
                ["pairs"] = saved["pairs"],
                ["batch size"] = "4",
                ["queries together"] = "1",
                ["epochs"] = "6",
                ["most steps"] = "no limit",
                ["learning rate"] = "0.001",
                ["warm-up share"] = "0.1",
                ["weight decay"] = "0.01",
                ["longest sequence"] = "the model's",
                ["labels"] = "Soft",
                ["neighbours"] = "1",
                ["batches, by processor and threads"] = saved["batches, by processor and threads"],
                ["base share"] = "0",
                ["precision"] = "Fp32",
                ["seed"] = "42",
                ["step"] = saved["step"],
            });
        }

        BiEncoderTrainer other = new(Small with { Labels = LabelKind.Soft, MaxSequenceLength = 9, MaxSteps = 12 });
        string message = Assert.Throws<GenQException>(() => other.Train(golden.Folder, golden.Pairs, folder["killed"])).Message;
        Assert.Contains("settings: max steps was not set, is now 12; max sequence length was not set, is now 9. Go on", message, StringComparison.Ordinal);
        List<long> steps = [];
        trainer.Train(golden.Folder, golden.Pairs, folder["killed"], progress: new SynchronousProgress<TrainingStep>(step => steps.Add(step.Step)));
        Assert.Equal(6, steps[0]);
        Assert.Equal(Weights(folder["whole"]), Weights(folder["killed"]));
    }

    [Fact]
    public void What_decides_the_weights_is_named_by_settings_pairs_base_precision_and_seed()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        Dictionary<string, string> identity = new BiEncoderTrainer(Small with { Labels = LabelKind.Soft, MaxSteps = 5 }).Identity(golden.Folder, golden.Pairs);
        string[] names =
        [
            "base", "base share", "batch size", "epochs", "half weights", "labels", "learning rate", "max sequence length", "max steps",
            "neighbours", "pairs", "precision", "queries together", "seed", "warmup share", "weight decay",
        ];
        Assert.Equal(names, identity.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("soft", "5", "", "fp32", "42"), (identity["labels"], identity["max steps"], identity["max sequence length"], identity["precision"], identity["seed"]));
        Assert.Equal(Fingerprint.OfModel(golden.Folder), identity["base"]);
        Assert.Equal(Fingerprint.OfPairs(golden.Pairs), identity["pairs"]);
    }

    [Theory]
    [InlineData(LabelKind.Hard, 1)]
    [InlineData(LabelKind.Soft, 2)]
    public void Memory_does_not_grow_over_the_steps(LabelKind labels, int neighbours)
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        Dictionary<long, long> live = [];
        SynchronousProgress<TrainingStep> count = new(step => live[step.Step] = DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        new BiEncoderTrainer(Small with { Epochs = 25, Labels = labels, Neighbours = neighbours }).Train(golden.Folder, golden.Pairs, folder.Path, progress: count);
        Assert.Equal(live[5], live[50]);
    }

    [Fact]
    public void Empty_texts_are_skipped_and_counted_and_the_card_says_what_was_done()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        QueryPassagePair[] pairs = [.. golden.Pairs, new(" ", "a passage without a query"), golden.Pairs[0] with { Passage = "" }];
        TrainingSummary summary = new BiEncoderTrainer(Small with { Epochs = 1 })
            .Train(golden.Folder, pairs, folder.Path, new ModelCard { Name = "Tiny", License = "apache-2.0" });
        Assert.Equal(new TrainingSummary(2, 0, 10, 2, 0), summary);
        string card = File.ReadAllText(folder["model", "README.md"]);
        Assert.Contains("# Tiny", card, StringComparison.Ordinal);
        Assert.Contains("| Pairs | 10, 2 empty and 0 in no batch |", card, StringComparison.Ordinal);
        Assert.Contains("| Batch size | 4 |\n| Queries together | 1 |\n| Epochs | 1 |\n| Max steps | no limit |\n| Learning rate | 0.001 |", card, StringComparison.Ordinal);
        Assert.Contains("| Labels | hard |", card, StringComparison.Ordinal);
    }

    [Fact]
    public void Pairs_without_a_query_are_too_few_for_a_batch_whatever_the_labels()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        BiEncoderTrainer trainer = new(Small with { Labels = LabelKind.Soft });
        string message = Assert.Throws<GenQException>(() => trainer.Train(golden.Folder, [new("", "a passage")], folder.Path)).Message;
        Assert.Contains("0 usable pairs", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_says_what_to_do()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        BiEncoderTrainer trainer = new(Small with { LearningRate = 1e30, WarmupShare = 0 });
        string message = Assert.Throws<GenQException>(() => trainer.Train(golden.Folder, golden.Pairs, folder.Path)).Message;
        Assert.Contains("Lower the learning rate", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_for_shipping_are_saved_as_fp16_and_load_again()
    {
        using EncoderGolden golden = new("mpnet-tiny");
        using TemporaryFolder folder = new();
        new BiEncoderTrainer(Small with { HalfWeights = true }).Train(golden.Folder, golden.Pairs, folder.Path);
        Assert.All(
            SafeTensors.ReadHeader(folder["model", "model.safetensors"]).Tensors, tensor => Assert.Equal(NumberType.F16, tensor.Type));
        using BiEncoder encoder = BiEncoder.Load(folder["model"]);
        Assert.Equal(encoder.Dimensions, encoder.Encode(["some words"])[0].Length);
    }

    private static byte[] Weights(string output) => File.ReadAllBytes(Path.Combine(output, "model", "model.safetensors"));

    private static double[] Losses(string output)
        => [.. File.ReadLines(Path.Combine(output, "training.jsonl")).Select(line => JsonNode.Parse(line)!["loss"]!.GetValue<double>())];
}
