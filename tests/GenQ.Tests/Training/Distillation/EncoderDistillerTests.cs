using System.Text.Json.Nodes;
using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;
using TorchSharp;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class EncoderDistillerTests
{
    private const int Width = 16;

    private static readonly EncoderDistillerOptions Small = new()
    {
        Steps = 12,
        BatchSize = 4,
        PoolBatches = 3,
        LearningRate = 5e-3,
        ProjectionTexts = 24,
        CheckpointEvery = 5,
        EvaluateEvery = 6,
        Precision = Precision.Fp32,
    };

    private static readonly DistillationText[] Unseen = [new("how far is the sea", true), new("the sea is far from here", false)];

    [Fact]
    public void The_loss_falls_and_texts_never_trained_on_come_nearer_to_the_teacher()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        string start = Student(folder, Width);
        EncoderDistillerOptions options = Small with { Steps = 60, EvaluateEvery = 60 };
        List<DistillationStep> steps = [];
        SynchronousProgress<DistillationStep> record = new(steps.Add);
        double first = FirstCosine(options, start, teacher, folder["first"]);
        new EncoderDistiller(options).Train(start, [new(teacher.Folder)], Texts(teacher), folder["out"], Unseen, progress: record);
        Assert.Equal(60, steps.Count);
        Assert.True(steps[^1].Loss < steps[0].Loss / 2, $"{steps[0].Loss} to {steps[^1].Loss}");
        Assert.True(steps[^1].HeldOutCosine > first + 0.05, $"{first} to {steps[^1].HeldOutCosine}");
        Assert.Equal(60, File.ReadAllLines(folder["out", "training.jsonl"]).Length);
        using BiEncoder student = BiEncoder.Load(folder["out", "model"]);
        Assert.Equal(Width, student.Dimensions);
        string card = File.ReadAllText(folder["out", "model", "README.md"]);
        Assert.Contains("Distilled with GenQ from `bert-tiny`", card, StringComparison.Ordinal);
    }

    [Fact]
    public void States_of_tokens_are_learned_too_where_they_count()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        string start = Student(folder, Width);
        List<double> first = [], last = [];
        foreach (double weight in (double[])[0, 5])
        {
            List<DistillationStep> steps = [];
            new EncoderDistiller(Small with { Steps = 40, StatesWeight = weight }).Train(
                start, [new(teacher.Folder)], Texts(teacher), folder[$"out-{weight}"], [], progress: new SynchronousProgress<DistillationStep>(steps.Add));
            first.Add(steps[0].Loss);
            last.Add(steps[^1].Loss);
        }

        // At first the states are as far away as random ones are: a distance of about 1, times 5.
        Assert.InRange(first[1] - first[0], 3.5, 6);
        Assert.InRange(last[1] - last[0], 0, 3);
        Assert.Contains("+ 5 x (1 - cosine of the tokens' states)", File.ReadAllText(folder["out-5", "model", "README.md"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Layers_taught_alone_make_a_network_that_says_what_the_teacher_says(bool muon)
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        string start = Student(folder, 32);
        EncoderDistillerOptions options = Small with { Steps = 150, EvaluateEvery = 150, LayerByLayer = true, Muon = muon };
        List<DistillationStep> steps = [];
        double first = FirstCosine(options, start, teacher, folder["first"]);
        new EncoderDistiller(options).Train(start, [new(teacher.Folder)], Texts(teacher), folder["out"], Unseen, progress: new SynchronousProgress<DistillationStep>(steps.Add));
        Assert.True(steps[^1].Loss < steps[0].Loss / 4, $"{steps[0].Loss} to {steps[^1].Loss}");
        Assert.True(steps[^1].HeldOutCosine > first + 0.3, $"{first} to {steps[^1].HeldOutCosine}");
        string card = File.ReadAllText(folder["out", "model", "README.md"]);
        Assert.Contains("each layer's squared error", card, StringComparison.Ordinal);
        Assert.Equal(muon, card.Contains("Muon for the layers' matrices", StringComparison.Ordinal));
    }

    [Fact]
    public void Layers_of_other_sizes_are_not_taught_alone()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        string start = Student(folder, Width);
        EncoderDistiller distiller = new(Small with { LayerByLayer = true });
        string message = Assert.Throws<GenQException>(() => distiller.Train(start, [new(teacher.Folder)], Texts(teacher), folder["out"], [])).Message;
        Assert.Contains("layers of width 16", message, StringComparison.Ordinal);
        Assert.Contains("of width 32", message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_of_other_tokens_are_not_compared()
    {
        using EncoderGolden teacher = new("bert-tiny"), student = new("mpnet-tiny");
        using TemporaryFolder folder = new();

        // A vocabulary whose words are spelled out.
        student.CopyTo(folder["student"]);
        File.Delete(folder["student", "tokenizer.json"]);
        string vocabulary = folder["student", "vocab.txt"];
        File.WriteAllLines(vocabulary, File.ReadAllLines(vocabulary).Select((piece, i) => piece.Length > 3 && piece[0] is not ('[' or '<') ? $"unused-{i}" : piece));
        GenQException error = Assert.Throws<GenQException>(() => new EncoderDistiller(Small with { StatesWeight = 1 }).Train(
            folder["student"], [new(teacher.Folder)], Texts(teacher), folder["out"], []));
        Assert.Contains("token by token", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Precision.Fp32, false)]
    [InlineData(Precision.Bf16, false)]
    [InlineData(Precision.Fp32, true)]
    public void A_killed_training_goes_on_to_the_same_weights(Precision precision, bool layersByMuon)
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        int width = layersByMuon ? 32 : Width;
        string start = Student(folder, width);
        EncoderDistiller distiller = new(Small with { Precision = precision, LayerByLayer = layersByMuon, Muon = layersByMuon });
        void Train(string output, IProgress<DistillationStep>? progress = null)
            => distiller.Train(start, [new(teacher.Folder)], Texts(teacher), output, [], progress: progress);
        Train(folder["whole"]);

        // Thrown in the middle of step 8, nothing is tidied up: as good as killed.
        SynchronousProgress<DistillationStep> kill = new(step =>
        {
            if (step.Step == 8) throw new InvalidTimeZoneException();
        });
        Assert.Throws<InvalidTimeZoneException>(() => Train(folder["killed"], kill));
        using (BiEncoder loadable = BiEncoder.Load(folder["killed", "checkpoints", "model"])) Assert.Equal(width, loadable.Dimensions);
        List<long> steps = [];
        Train(folder["killed"], new SynchronousProgress<DistillationStep>(step => steps.Add(step.Step)));
        Assert.Equal([6, 7, 8, 9, 10, 11, 12], steps);
        Assert.Equal(Weights(folder["whole"]), Weights(folder["killed"]));
        Assert.Equal(Losses(folder["whole"]), Losses(folder["killed"]));
        Assert.False(Directory.Exists(folder["killed", "checkpoints"]));
    }

    [Fact]
    public void A_checkpoint_of_other_settings_is_refused_naming_them()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        using CancellationTokenSource stop = new();
        string start = Student(folder, Width);
        SynchronousProgress<DistillationStep> cancel = new(_ => stop.Cancel());
        Assert.Throws<OperationCanceledException>(() => new EncoderDistiller(Small).Train(
            start, [new(teacher.Folder)], Texts(teacher), folder["out"], [], progress: cancel, cancellation: stop.Token));
        EncoderDistiller other = new(Small with { CosineWeight = 3 });
        string message = Assert.Throws<GenQException>(() => other.Train(start, [new(teacher.Folder)], Texts(teacher), folder["out"], [])).Message;
        Assert.Contains("cosine weight was 10, is now 3", message, StringComparison.Ordinal);
        start = Student(folder, Width / 2);
        message = Assert.Throws<GenQException>(() => new EncoderDistiller(Small).Train(start, [new(teacher.Folder)], Texts(teacher), folder["out"], [])).Message;
        Assert.Matches(@"settings: start was \w{16}, is now \w{16}\. Go on", message);
    }

    [Fact]
    public void A_teacher_narrower_than_the_student_is_refused()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        string start = Student(folder, 40);
        EncoderDistiller distiller = new(Small);
        string message = Assert.Throws<GenQException>(() => distiller.Train(start, [new(teacher.Folder)], Texts(teacher), folder["out"])).Message;
        Assert.Contains("vectors of 32 numbers", message, StringComparison.Ordinal);
        Assert.Contains("has 40", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_at_all_is_an_error()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        Assert.Throws<GenQException>(() => new EncoderDistiller(Small).Train(teacher.Folder, [new(teacher.Folder)], [new(" ", false)], folder.Path));
    }

    [Fact]
    public void A_twentieth_of_few_texts_is_set_aside_and_512_of_many()
    {
        EncoderDistiller distiller = new(Small);
        foreach ((int count, int aside) in ((int, int)[])[(19, 0), (40, 2), (20_000, 512)])
        {
            DistillationText[] texts = [.. Enumerable.Range(0, count).Select(i => new DistillationText($"{i}", i % 2 == 0))];
            (IReadOnlyList<DistillationText> taught, IReadOnlyList<DistillationText> heldOut) = distiller.SetAside(texts);
            Assert.Equal(aside, heldOut.Count);
            Assert.Equal(texts.ToHashSet(), taught.Concat(heldOut).ToHashSet());
        }
    }

    [Fact]
    public void Memory_does_not_grow_over_the_steps()
    {
        using EncoderGolden teacher = new("bert-tiny");
        using TemporaryFolder folder = new();
        Dictionary<long, long> live = [];
        SynchronousProgress<DistillationStep> count = new(step => live[step.Step] = DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        new EncoderDistiller(Small with { Steps = 50, EvaluateEvery = 10 }).Train(
            Student(folder, Width), [new(teacher.Folder)], Texts(teacher), folder["out"], Unseen, progress: count);
        Assert.Equal(live[5], live[50]);
    }

    // Random weights of MPNet's layout.
    // After one step. To look at every step of the training itself takes longer than the training.
    private static double FirstCosine(EncoderDistillerOptions options, string start, EncoderGolden teacher, string output)
    {
        List<DistillationStep> steps = [];
        new EncoderDistiller(options with { Steps = 1 }).Train(start, [new(teacher.Folder)], Texts(teacher), output, Unseen, progress: new SynchronousProgress<DistillationStep>(steps.Add));
        return steps[0].HeldOutCosine!.Value;
    }

    private static string Student(TemporaryFolder folder, int width)
    {
        using EncoderGolden sizes = new("mpnet-tiny");
        sizes.CopyTo(folder["sizes"], ("hidden_size", width));
        FreshEncoder.Create(folder["sizes"], folder["start"], seed: 1);
        return folder["start"];
    }

    private static DistillationText[] Texts(EncoderGolden golden) =>
    [
        .. golden.Pairs.SelectMany(pair => (DistillationText[])[new(pair.Query, true), new(pair.Passage, false)]),
        new(string.Join(' ', golden.Pairs.Select(pair => pair.Passage)), false),
    ];

    private static byte[] Weights(string output) => File.ReadAllBytes(Path.Combine(output, "model", "model.safetensors"));

    private static double[] Losses(string output)
        => [.. File.ReadLines(Path.Combine(output, "training.jsonl")).Select(line => JsonNode.Parse(line)!["loss"]!.GetValue<double>())];
}
