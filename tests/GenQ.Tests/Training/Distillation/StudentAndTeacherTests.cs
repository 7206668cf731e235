using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using GenQ.Tests.Encoders;
using GenQ.Training;
using static TorchSharp.torch;

namespace GenQ.Tests.Training;

[Collection(TorchRandomCollection.Name)]
public sealed class StudentAndTeacherTests
{
    private const string Prompt = "find what answers: ";

    private static readonly string Bert = Shared.Golden("checkpoints", "bert-tiny"), Mpnet = Shared.Golden("checkpoints", "mpnet-tiny");

    private static readonly EncoderDistillerOptions Small = new()
    {
        Steps = 40,
        BatchSize = 4,
        PoolBatches = 3,
        LearningRate = 5e-3,
        ProjectionTexts = 24,
        Precision = Precision.Fp32,
    };

    private static readonly DistillationText[] Texts =
    [
        new("how far is the sea", true), new("the sea is far from here", false), new("who sails", true), new("the captain of the ship sails", false),
        new("a harbour is a place for ships", false),
    ];

    [Fact]
    public void The_cosine_of_two_texts_is_the_mean_of_the_teachers_cosines_by_squared_weight()
    {
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using StudentAndTeacher all = StudentAndTeacher.Load(Mpnet, [new(Bert, 0.5), new(Mpnet)], Small);
        Tensor joined = all.Embed(Texts).Teacher;
        Tensor expected = (Cosines(Vectors(Bert)) * 0.25 + Cosines(Vectors(Mpnet))) / 1.25;
        EncoderGolden.AssertClose(expected, Cosines(joined), 1e-5);
        Assert.Equal([5, all.TeacherDimensions], joined.shape);
    }

    [Fact]
    public void A_teachers_prompt_stands_before_queries_alone()
    {
        using TemporaryFolder folder = new();
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        string teacher = WithPrompt(folder);
        using BiEncoder alone = BiEncoder.Load(teacher, new BiEncoderOptions { Precision = Precision.Fp32 });
        using StudentAndTeacher both = StudentAndTeacher.Load(Mpnet, [new(teacher)], Small);
        Assert.True(both.TellsQueriesApart);
        Tensor expected = UnitVectors.Of([.. Texts.Select(text => (text.IsQuery ? alone.EncodeQueries([text.Text]) : alone.EncodePassages([text.Text]))[0])]);
        EncoderGolden.AssertClose(expected, both.Embed(Texts).Teacher, 1e-5);
        Assert.True((both.Embed([.. Texts.Select(text => text with { IsQuery = false })]).Teacher - expected).abs().max().item<float>() > 1e-2);
    }

    [Fact]
    public void Queries_behind_a_prompt_have_no_states_to_compare_but_stay_among_the_vectors()
    {
        using TemporaryFolder folder = new();
        using IDisposable scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using StudentAndTeacher both = StudentAndTeacher.Load(Mpnet, [new(WithPrompt(folder)), new(Bert)], Small);
        (Tensor own, Tensor known, Tensor distance) = both.EmbedWithStates(Texts, eye(32));
        DistillationText[] order = [.. Texts.Where(text => !text.IsQuery), .. Texts.Where(text => text.IsQuery)];
        (Tensor student, Tensor teachers) = both.Embed(order);
        EncoderGolden.AssertClose(student, own, 1e-5);
        EncoderGolden.AssertClose(teachers, known, 1e-5);
        EncoderGolden.AssertClose(both.EmbedWithStates([.. order[..3]], eye(32)).Distance, distance, 1e-5);
        Assert.Equal(0, both.EmbedWithStates([.. order[3..], order[3]], eye(32)).Distance.item<float>());
    }

    [Fact]
    public void A_student_learns_from_two_teachers_and_the_states_of_the_first()
    {
        using TemporaryFolder folder = new();
        using EncoderGolden golden = new("bert-tiny");
        FreshEncoder.Create(Mpnet, folder["start"], seed: 1);
        List<DistillationStep> steps = [];
        DistillationText[] texts = [.. golden.Pairs.SelectMany(pair => (DistillationText[])[new(pair.Query, true), new(pair.Passage, false)])];
        new EncoderDistiller(Small with { StatesWeight = 1, EvaluateEvery = 1 }).Train(
            folder["start"], [new(WithPrompt(folder), 0.7), new(Mpnet)], texts, folder["out"], Texts, progress: new SynchronousProgress<DistillationStep>(steps.Add));
        Assert.True(steps[^1].Loss < steps[0].Loss * 0.7, $"{steps[0].Loss} to {steps[^1].Loss}");
        Assert.True(steps[^1].HeldOutCosine > steps[0].HeldOutCosine, $"{steps[0].HeldOutCosine} to {steps[^1].HeldOutCosine}");
        string card = File.ReadAllText(folder["out", "model", "README.md"]);
        Assert.Contains("Distilled with GenQ from `teacher` and `mpnet-tiny`: on unlabelled texts it was taught to give the teachers' vectors, projected from 64 to 32", card, StringComparison.Ordinal);
        Assert.Contains("| Teacher | 0.7 x teacher + 1 x mpnet-tiny |", card, StringComparison.Ordinal);
    }

    [Fact]
    public void States_beside_other_teachers_need_a_first_one_of_the_students_sizes()
    {
        using TemporaryFolder folder = new();
        using EncoderGolden golden = new("mpnet-tiny");
        golden.CopyTo(folder["sizes"], ("num_hidden_layers", 1));
        FreshEncoder.Create(folder["sizes"], folder["start"], seed: 1);
        EncoderDistillerOptions options = Small with { StatesWeight = 1 };
        string message = Assert.Throws<GenQException>(() => StudentAndTeacher.Load(folder["start"], [new(Bert), new(Mpnet)], options)).Message;
        Assert.Contains("Give a teacher of the student's sizes first", message, StringComparison.Ordinal);
        StudentAndTeacher.Load(folder["start"], [new(Bert)], options).Dispose();
    }

    [Fact]
    public void Which_texts_are_queries_changes_nothing_without_prompts_and_the_weights_with_them()
    {
        using TemporaryFolder folder = new();
        DistillationText[] passages = [.. Texts.Select(text => text with { IsQuery = false })];
        byte[] Weights(string name, string teacher, DistillationText[] texts)
        {
            new EncoderDistiller(Small with { Steps = 3 }).Train(Mpnet, [new(teacher)], texts, folder[name], []);
            return File.ReadAllBytes(folder[name, "model", "model.safetensors"]);
        }

        string prompted = WithPrompt(folder);
        Assert.Equal(Weights("a", Bert, Texts), Weights("b", Bert, passages));
        Assert.NotEqual(Weights("c", prompted, Texts), Weights("d", prompted, passages));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_weight_that_is_none_is_refused(double weight)
        => Assert.Contains("'model' must be a finite number above 0", Assert.Throws<GenQException>(() => new Teacher("model", weight)).Message, StringComparison.Ordinal);

    private static string WithPrompt(TemporaryFolder folder)
    {
        using EncoderGolden golden = new("bert-tiny");
        golden.CopyTo(folder["teacher"]);
        File.WriteAllText(folder["teacher", "config_sentence_transformers.json"], $$"""{"prompts": {"query": "{{Prompt}}"} }""");
        return folder["teacher"];
    }

    private static Tensor Vectors(string model)
    {
        using BiEncoder encoder = BiEncoder.Load(model, new BiEncoderOptions { Precision = Precision.Fp32 });
        return UnitVectors.Of(encoder.EncodePassages([.. Texts.Select(text => text.Text)]));
    }

    private static Tensor Cosines(Tensor vectors) => vectors.matmul(vectors.t());
}
