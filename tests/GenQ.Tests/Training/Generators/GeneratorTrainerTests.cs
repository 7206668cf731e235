using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Text;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class GeneratorTrainerTests
{
    private static readonly string Tiny = Shared.Golden("checkpoints", "t5-tiny");

    private static readonly QueryPassagePair[] Pairs =
    [
        new("what is python", "Python is a language. It was made long ago."),
        new("who were the normans", "The Normans gave their name to Normandy. They came by ship."),
        new("capital of germany", "Berlin is the capital of Germany. It lies on the Spree."),
        new("how do plants eat", "Plants use light. They make sugar from it."),
    ];

    private static readonly GeneratorTrainerOptions Options = new()
    {
        Steps = 6,
        BatchSize = 2,
        LearningRate = 1e-2,
        CheckpointEvery = 3,
        EvaluateEvery = 3,
        Precision = Precision.Fp32,
        CropShare = 0.5,
        CopyShare = 0.5,
    };

    [Fact]
    public void Pairs_with_an_empty_text_are_left_out_and_counted()
    {
        using TemporaryFolder whole = new(), more = new();
        Assert.Equal(0, new GeneratorTrainer(Options).Train(Tiny, Pairs, [], whole.Path));
        Assert.Equal(2, new GeneratorTrainer(Options).Train(Tiny, [new("", "A passage."), .. Pairs, new("a query", " ")], [], more.Path));
        Assert.Equal(File.ReadAllBytes(whole["model.safetensors"]), File.ReadAllBytes(more["model.safetensors"]));
    }

    [Fact]
    public void The_loss_falls_and_is_written_down()
    {
        using TemporaryFolder folder = new();
        List<GeneratorTrainingStep> steps = [];
        GeneratorTrainerOptions options = Options with { Steps = 30, CopyShare = 0, CropShare = 0 };
        new GeneratorTrainer(options).Train(Tiny, Pairs, [Pairs[..1]], folder.Path, new SynchronousProgress<GeneratorTrainingStep>(steps.Add));
        Assert.Equal(30, steps.Count);
        Assert.True(steps[^1].Loss < steps[0].Loss - 1, $"{steps[0].Loss} to {steps[^1].Loss}");
        Assert.Single(steps[^1].HeldOutLosses);
        Assert.Equal(30, File.ReadAllLines(folder["training.jsonl"]).Length);
        Assert.True(File.Exists(folder["spiece.model"]));
        Assert.False(File.Exists(folder["checkpoints", "checkpoint.safetensors"]));
    }

    [Theory]
    [InlineData(Precision.Fp32, false)]
    [InlineData(Precision.Bf16, false)]
    [InlineData(Precision.Fp32, true)]
    public void A_training_that_was_stopped_ends_with_the_same_weights(Precision precision, bool fromScratch)
    {
        using TemporaryFolder whole = new(), stopped = new();
        GeneratorTrainer trainer = new(Options with { Precision = precision, FromScratch = fromScratch });
        trainer.Train(Tiny, Pairs, [], whole.Path);

        // Killed after step 5: the checkpoint is that of step 3, the log may have lines beyond it.
        SynchronousProgress<GeneratorTrainingStep> kill = new(step =>
        {
            if (step.Step == 5) throw new InvalidOperationException("killed");
        });
        Assert.Throws<InvalidOperationException>(() => trainer.Train(Tiny, Pairs, [], stopped.Path, kill));
        trainer.Train(Tiny, Pairs, [], stopped.Path);
        Assert.Equal(File.ReadAllBytes(whole["model.safetensors"]), File.ReadAllBytes(stopped["model.safetensors"]));
        Assert.Equal(6, File.ReadAllLines(stopped["training.jsonl"]).Length);
    }

    [Fact]
    public void A_step_at_rate_0_in_bf16_saves_the_weights_as_they_were()
    {
        using TemporaryFolder folder = new();
        using IDisposable scope = NewDisposeScope();
        GeneratorTrainerOptions options = Options with { Steps = 1, WarmupSteps = 1, Precision = Precision.Bf16 };
        new GeneratorTrainer(options).Train(Tiny, Pairs, [], folder.Path);
        Dictionary<string, Tensor> before = TensorFile.Read(Path.Combine(Tiny, "model.safetensors"));
        foreach ((string name, Tensor weight) in TensorFile.Read(folder["model.safetensors"]))
            Assert.Equal(before[name].data<float>().ToArray(), weight.data<float>().ToArray());
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_refused_by_their_name()
    {
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        SynchronousProgress<GeneratorTrainingStep> cancel = new(_ => stop.Cancel());
        Assert.Throws<OperationCanceledException>(() => new GeneratorTrainer(Options).Train(Tiny, Pairs, [], folder.Path, cancel, stop.Token));
        GenQException error = Assert.Throws<GenQException>(() => new GeneratorTrainer(Options).Train(Tiny, Pairs[..3], [], folder.Path));
        Assert.Matches(@"settings: pairs was 4 \(\w{12}\), is now 3 \(\w{12}\)\. Go on", error.Message);
        GeneratorTrainer other = new(Options with { Steps = 7, WarmupSteps = 0, Precision = Precision.Bf16, CheckpointEvery = 1 });
        error = Assert.Throws<GenQException>(() => other.Train(Tiny, Pairs, [], folder.Path));
        Assert.Contains("settings: steps was 6, is now 7; precision was fp32, is now bf16. Go on", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_held_out_set_is_measured_by_itself()
    {
        using TemporaryFolder folder = new();
        List<GeneratorTrainingStep> steps = [];
        new GeneratorTrainer(Options).Train(Tiny, Pairs, [Pairs[..1], [], Pairs[1..]], folder.Path, new SynchronousProgress<GeneratorTrainingStep>(steps.Add));
        Assert.Equal([0, 0, 2, 0, 0, 2], steps.Select(step => step.HeldOutLosses.Count));
        Assert.NotEqual(steps[^1].HeldOutLosses[0], steps[^1].HeldOutLosses[1]);
    }

    [Fact]
    public void A_t5_cannot_grow_to_a_folder_of_smaller_sizes()
    {
        using TemporaryFolder sizes = new(), output = new();
        File.Copy(Path.Combine(Tiny, "spiece.model"), sizes["spiece.model"]);
        File.WriteAllText(sizes["config.json"], """{"model_type": "t5", "d_model": 32, "d_ff": 64, "num_layers": 2, "num_decoder_layers": 1}""");
        GenQException e = Assert.Throws<GenQException>(() => new GeneratorTrainer(Options with { GrowTo = sizes.Path }).Train(Tiny, Pairs, [], output.Path));
        Assert.Contains("cannot grow", e.Message, StringComparison.Ordinal);
        Assert.Contains("2 decoder layers or more", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_t5_takes_over_the_vocabulary_and_the_tasks_of_a_folder_and_goes_on_from_its_checkpoint()
    {
        using TemporaryFolder sizes = new(), whole = new(), stopped = new();
        File.Copy(Path.Combine(ModelFolder.Resolve("genq-mini-t5"), "spiece.model"), sizes["spiece.model"]);
        int pieces = Tokenizer.Load(sizes.Path).VocabularySize;
        File.WriteAllText(
            sizes["config.json"],
            """{"model_type": "t5", "vocab_size": PIECES, "d_model": 32, "d_ff": 64, "num_layers": 2, "task_specific_params": {"question": {"prefix": "question: ", "num_return_sequences": 3}}}""".Replace("PIECES", $"{pieces}", StringComparison.Ordinal));
        GeneratorTrainer trainer = new(Options with { GrowTo = sizes.Path });
        trainer.Train(Tiny, Pairs, [], whole.Path);
        Assert.Equal([new QueryTask("question", "question: ", 3)], QueryTask.Of(whole.Path));
        Assert.Equal(pieces, Tokenizer.Load(whole.Path).VocabularySize);
        SynchronousProgress<GeneratorTrainingStep> kill = new(step =>
        {
            if (step.Step == 5) throw new InvalidOperationException("killed");
        });
        Assert.Throws<InvalidOperationException>(() => trainer.Train(Tiny, Pairs, [], stopped.Path, kill));
        trainer.Train(Tiny, Pairs, [], stopped.Path);
        Assert.Equal(File.ReadAllBytes(whole["model.safetensors"]), File.ReadAllBytes(stopped["model.safetensors"]));
    }

    [Fact]
    public void The_prefix_of_a_task_stays_in_front_of_a_passage_that_is_cut()
    {
        QueryPassagePair pair = new("what makes sugar", "question: Berlin is large. It lies on the Spree. " + Pairs[3].Passage + string.Concat(Enumerable.Repeat(" More of it.", 60)));
        ITokenizer tokenizer = Tokenizer.Load(Tiny);
        GeneratorExamples examples = new([pair], tokenizer, ["question: "], Options with { CropShare = 1, CopyShare = 0, Steps = 100_000 });
        string[] read = [.. examples.Batch(0).Select(example => tokenizer.Decode(example.Input))];
        Assert.All(read, text => Assert.StartsWith("question: ", text, StringComparison.Ordinal));
        Assert.All(read, text => Assert.Contains("sugar", text, StringComparison.Ordinal));
        Assert.Contains(read, text => text.Length < pair.Passage.Length / 2);
    }

    [Fact]
    public void No_pair_at_all_is_an_error()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<GenQException>(() => new GeneratorTrainer(Options).Train(Tiny, [], [], folder.Path));
    }

    [Fact]
    public void A_training_that_blows_up_says_what_to_do()
    {
        using TemporaryFolder folder = new();
        GeneratorTrainer trainer = new(Options with { LearningRate = 1e30, WarmupSteps = 0 });
        string message = Assert.Throws<GenQException>(() => trainer.Train(Tiny, Pairs, [], folder.Path)).Message;
        Assert.Contains("is not a number. Lower the learning rate", message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["model.safetensors"]));
    }

    [Fact]
    public void A_tokenizer_of_another_model_is_refused()
    {
        using TemporaryFolder folder = new();
        File.Copy(Shared.Golden("tokenizers", "t5-8k.spiece.model"), folder["spiece.model"]);
        File.WriteAllText(folder["config.json"], """{"model_type": "t5", "vocab_size": 100}""");
        string message = Assert.Throws<GenQException>(() => new GeneratorTrainer(Options).Train(folder.Path, Pairs, [], folder["out"])).Message;
        Assert.Contains("has a vocab_size of 100, but its tokenizer has 8000 pieces", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pair_is_seen_once_before_any_is_seen_twice()
    {
        GeneratorTrainerOptions options = Options with { CopyShare = 0, CropShare = 0, BatchSize = 4, Steps = 80 };
        GeneratorExamples examples = new(Pairs, Tokenizer.Load(Tiny), [], options);
        int[] lengths = [.. Enumerable.Range(0, 40).SelectMany(step => examples.Batch(step)).Select(e => e.Target.Length)];
        Assert.Equal(Pairs.Select(p => examples.Encode(p).Target.Length).SelectMany(l => Enumerable.Repeat(l, 40)).Order(), lengths.Order());
    }
}
