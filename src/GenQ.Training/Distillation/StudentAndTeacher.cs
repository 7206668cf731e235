using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>
/// Encoders that read the same texts: a student is to learn, with gradients, what one or more teachers say, without. Several teachers' unit
/// vectors, each times its weight, stand side by side as one, scaled to length 1: the cosine of two texts is the mean of the teachers' cosines,
/// each counted by the square of its weight.
/// </summary>
internal sealed class StudentAndTeacher : IDisposable
{
    // Fewer texts have no similarities to compare: one other text is all of the softmax.
    private const int SmallestBatch = 3;

    private readonly (BiEncoder Encoder, double Weight)[] _teachers;

    private StudentAndTeacher(BiEncoder student, (BiEncoder Encoder, double Weight)[] teachers) => (Student, _teachers) = (student, teachers);

    /// <summary>The encoder that learns.</summary>
    public BiEncoder Student { get; }

    /// <summary>Numbers of the teachers' vectors, all together.</summary>
    public int TeacherDimensions => _teachers.Sum(teacher => teacher.Encoder.Dimensions);

    /// <summary>Whether the teacher's vectors are the student's target as they are: there is one, of as many layers of the same width.</summary>
    public bool SharesCoordinates => _teachers.Length == 1 && HaveSameSizes;

    /// <summary>Whether one of the encoders reads queries behind another prompt than passages.</summary>
    public bool TellsQueriesApart
        => _teachers.Select(teacher => teacher.Encoder).Prepend(Student).Any(encoder => encoder.QueryPrompt != encoder.PassagePrompt);

    // Whose states are compared.
    private BiEncoder First => _teachers[0].Encoder;

    // Whether student and first teacher have as many layers of the same width.
    private bool HaveSameSizes
        => Student.Network.LayerCount == First.Network.LayerCount && Student.Network.HiddenSize == First.Network.HiddenSize;

    /// <summary>Loads all. The student too is in evaluation mode, without dropout.</summary>
    /// <param name="student">A folder, or a name on the hub.</param>
    /// <param name="teachers">At least one, together at least as wide.</param>
    /// <param name="options">Precision, longest text, and whether student and first teacher must have the same sizes.</param>
    /// <exception cref="GenQException">A broken model, teachers that are too narrow, or other sizes where they must be the same.</exception>
    public static StudentAndTeacher Load(string student, IReadOnlyList<Teacher> teachers, EncoderDistillerOptions options)
    {
        (BiEncoder Encoder, double Weight)[] known = [.. teachers.Select(teacher => (Open(teacher.Model, options.Precision), teacher.Weight))];
        StudentAndTeacher all = new(Open(student, Precision.Fp32), known);
        try
        {
            all.CheckSizes(student, teachers, options);
            return all;
        }
        catch
        {
            all.Dispose();
            throw;
        }

        BiEncoder Open(string model, Precision precision)
            => BiEncoder.Load(model, new BiEncoderOptions { Precision = precision, MaxSequenceLength = options.MaxSequenceLength });
    }

    /// <summary>
    /// Reads texts with all. Each network reads a text with its own tokenizer, and queries behind its own prompt: even where networks share
    /// the words, their special tokens differ. The teacher, half of the work, takes a batch of long texts in parts, which is a tenth faster.
    /// </summary>
    /// <returns>(texts, width) and (texts, teachers' width), all of length 1.</returns>
    public (Tensor Student, Tensor Teacher) Embed(DistillationText[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor own = Student.Embed(Tokenize(Student, texts));
        return (UnitVectors.Of(own).MoveToOuterDisposeScope(), BesideOthers(Vectors(First, texts), texts).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The same, and how far the tokens' states are from the first teacher's: those of all layers where the networks have the same sizes, else
    /// those of the last, projected.
    /// </summary>
    /// <param name="texts">
    /// Those that both do not cut into equally many tokens are left out. A query that the teacher reads behind a prompt has no such states either,
    /// but stays among the vectors.
    /// </param>
    /// <param name="projection">(teacher's width, width).</param>
    /// <returns>(texts, width) and (texts, teachers' width), all of length 1, in one order, and a scalar.</returns>
    /// <exception cref="GenQException">Hardly any text is cut into equally many tokens.</exception>
    public (Tensor Student, Tensor Teacher, Tensor Distance) EmbedWithStates(DistillationText[] texts, Tensor projection)
    {
        using IDisposable scope = NewDisposeScope();
        int[][] own = Tokenize(Student, texts), known = Tokenize(First, texts);
        ILookup<bool?, int> sorted = Enumerable.Range(0, texts.Length).ToLookup(i => Compares(texts[i], own[i], known[i]));
        int[] compared = [.. sorted[true]], others = [.. sorted[false]];
        int leftOut = texts.Length - compared.Length - others.Length;
        if (compared.Length + others.Length < SmallestBatch || (compared.Length == 0 && leftOut >= SmallestBatch))
            throw OtherTokens(compared.Length, texts.Length);
        List<Tensor> said = [], wanted = [];
        Tensor distance = zeros([]);
        if (compared.Length > 0)
        {
            PackedBatch batch = Student.Network.Pack(At(own, compared)), teachers = First.Network.Pack(At(known, compared));
            Tensor[] targets;
            using (no_grad())
            {
                targets = First.Network.States(teachers);
                wanted.Add(UnitVectors.Of(First.Pool(targets[^1], teachers)));
            }

            Tensor[] states = Student.Network.States(batch);
            distance = HaveSameSizes
                ? Distance(batch, states, targets)
                : DistillationLoss.OfStates(batch.WithoutFill(states[^1]), teachers.WithoutFill(targets[^1]).matmul(projection));
            said.Add(UnitVectors.Of(Student.Pool(states[^1], batch)));
        }

        if (others.Length > 0)
        {
            said.Add(UnitVectors.Of(Student.Embed(At(own, others))));
            wanted.Add(UnitVectors.Of(First.EncodeTokens(At(known, others))));
        }

        DistillationText[] read = [.. compared.Concat(others).Select(i => texts[i])];
        return (
            cat(said).MoveToOuterDisposeScope(), BesideOthers(cat(wanted), read).MoveToOuterDisposeScope(), distance.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Reads texts with the first teacher, and with each of the student's layers alone. Each layer, and the embeddings before the first, reads
    /// what the teacher's own reads, and is to say what that says. So no layer waits until those below it have learned, and none learns to make
    /// up for their errors. Queries are read as passages are: what a layer does with a token is the same in both.
    /// </summary>
    /// <param name="texts">Those that both do not cut into equally many tokens are left out.</param>
    /// <returns>The mean distance of the layers, with gradients, and the mean cosine of the texts' vectors: two scalars.</returns>
    /// <exception cref="GenQException">Hardly any text is cut into equally many tokens.</exception>
    public (Tensor Distance, Tensor Cosine) CompareLayers(DistillationText[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        int[][] read = [.. texts.Select(text => Student.TokenizePassage(text.Text))], heard = [.. texts.Select(text => First.TokenizePassage(text.Text))];
        int[] compared = [.. Enumerable.Range(0, texts.Length).Where(i => read[i].Length == heard[i].Length)];
        if (compared.Length < SmallestBatch) throw OtherTokens(compared.Length, texts.Length);
        PackedBatch own = Student.Network.Pack(At(read, compared)), known = First.Network.Pack(At(heard, compared));
        Tensor[] targets;
        using (no_grad()) targets = First.Network.States(known);
        Tensor[] said = [Student.Network.Embed(own), .. Student.Network.LayersOver(own).Select((layer, i) => layer(targets[i]))];
        Tensor distance = Distance(own, said, targets);
        using IDisposable guard = no_grad();
        Tensor cosine = (UnitVectors.Of(Student.Pool(said[^1], own)) * UnitVectors.Of(First.Pool(targets[^1], known))).sum(1).mean();
        return (distance.MoveToOuterDisposeScope(), cosine.MoveToOuterDisposeScope());
    }

    /// <summary>Disposes of all.</summary>
    public void Dispose()
    {
        Student.Dispose();
        foreach ((BiEncoder encoder, _) in _teachers) encoder.Dispose();
    }

    private static Tensor Distance(PackedBatch batch, IEnumerable<Tensor> states, IEnumerable<Tensor> targets)
        => stack(states.Zip(targets, (own, target) => DistillationLoss.OfLayer(batch.WithoutFill(own), batch.WithoutFill(target)))).mean();

    private static int[][] Tokenize(BiEncoder encoder, DistillationText[] texts)
        => [.. texts.Select(text => text.IsQuery ? encoder.TokenizeQuery(text.Text) : encoder.TokenizePassage(text.Text))];

    // (texts, width), of length 1.
    private static Tensor Vectors(BiEncoder encoder, DistillationText[] texts) => UnitVectors.Of(encoder.EncodeTokens(Tokenize(encoder, texts)));

    private static int[][] At(int[][] ids, int[] places) => [.. places.Select(i => ids[i])];

    private static GenQException OtherTokens(int alike, int texts) => new(
        $"Student and teacher cut only {alike} of {texts} texts into equally many tokens: "
        + "states can only be compared token by token. Give the student the teacher's vocabulary, or compare the vectors of whole texts alone.");

    // The first teacher's vectors, and beside them what the others say of the same texts.
    private Tensor BesideOthers(Tensor first, DistillationText[] texts) => _teachers.Length == 1
        ? first
        : UnitVectors.Of(cat(
            [first.Times(_teachers[0].Weight), .. _teachers[1..].Select(teacher => Vectors(teacher.Encoder, texts).Times(teacher.Weight))], 1));

    // Whether a text's states can be compared token by token; null where not even its vectors should be: texts that hold special tokens'
    // strings, which differ between the two.
    private bool? Compares(DistillationText text, int[] own, int[] known)
    {
        if (own.Length == known.Length) return true;
        return text.IsQuery && Student.QueryPrompt != First.QueryPrompt ? false : null;
    }

    private void CheckSizes(string student, IReadOnlyList<Teacher> teachers, EncoderDistillerOptions options)
    {
        if (TeacherDimensions < Student.Dimensions)
        {
            string known = teachers.Count == 1
                ? $"The teacher '{teachers[0].Model}' gives"
                : $"The teachers '{string.Join("', '", teachers.Select(teacher => teacher.Model))}' together give";
            throw new GenQException(
                $"{known} vectors of {TeacherDimensions} numbers, the student '{student}' has {Student.Dimensions}: "
                + "the teacher must be at least as wide. Take a wider teacher or a smaller hidden_size.");
        }

        if (HaveSameSizes) return;
        string sizes = $"The student '{student}' has {Student.Network.LayerCount} layers of width {Student.Network.HiddenSize}, "
            + $"the teacher '{teachers[0].Model}' {First.Network.LayerCount} of width {First.Network.HiddenSize}: ";
        if (options.LayerByLayer)
        {
            throw new GenQException(
                $"{sizes}layer by layer both must be the same. Change the student's config.json, or teach the network as a whole.");
        }

        if (options.StatesWeight > 0 && teachers.Count > 1)
        {
            throw new GenQException(
                $"{sizes}beside other teachers states are compared in the first one's own coordinates, so both must be the same. "
                + "Give a teacher of the student's sizes first, take one teacher, or compare the vectors of whole texts alone.");
        }
    }
}
