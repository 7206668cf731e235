using GenQ.Compute;
using GenQ.Data;
using GenQ.Models;
using static TorchSharp.torch;

namespace GenQ.Training;

/// <summary>Two encoders that read the same texts: one is to learn, with gradients, what the other says, without.</summary>
internal sealed class StudentAndTeacher : IDisposable
{
    // Fewer texts have no similarities to compare: one other text is all of the softmax.
    private const int SmallestBatch = 3;

    private StudentAndTeacher(BiEncoder student, BiEncoder teacher) => (Student, Teacher) = (student, teacher);

    /// <summary>The encoder that learns.</summary>
    public BiEncoder Student { get; }

    /// <summary>The encoder that is learned from.</summary>
    public BiEncoder Teacher { get; }

    /// <summary>Whether both have as many layers of the same width.</summary>
    public bool HaveSameSizes
        => Student.Network.LayerCount == Teacher.Network.LayerCount && Student.Network.HiddenSize == Teacher.Network.HiddenSize;

    /// <summary>Loads both. The student too is in evaluation mode, without dropout.</summary>
    /// <param name="student">A folder, or a name on the hub.</param>
    /// <param name="teacher">The same, at least as wide.</param>
    /// <param name="options">Precision, longest text, and whether both must have the same sizes.</param>
    /// <exception cref="GenQException">A broken model, a teacher that is too narrow, or other sizes where they must be the same.</exception>
    public static StudentAndTeacher Load(string student, string teacher, EncoderDistillerOptions options)
    {
        BiEncoder known = Open(teacher, options.Precision), own = Open(student, Precision.Fp32);
        StudentAndTeacher both = new(own, known);
        try
        {
            if (known.Dimensions < own.Dimensions)
            {
                throw new GenQException(
                    $"The teacher '{teacher}' gives vectors of {known.Dimensions} numbers, the student '{student}' has {own.Dimensions}: "
                    + "the teacher must be at least as wide. Take a wider teacher or a smaller hidden_size.");
            }

            if (options.LayerByLayer && !both.HaveSameSizes)
            {
                throw new GenQException(
                    $"The student '{student}' has {own.Network.LayerCount} layers of width {own.Network.HiddenSize}, the teacher '{teacher}' "
                    + $"{known.Network.LayerCount} of width {known.Network.HiddenSize}: layer by layer both must be the same. "
                    + "Change the student's config.json, or teach the network as a whole.");
            }

            return both;
        }
        catch
        {
            both.Dispose();
            throw;
        }

        BiEncoder Open(string model, Precision precision)
            => BiEncoder.Load(model, new BiEncoderOptions { Precision = precision, MaxSequenceLength = options.MaxSequenceLength });
    }

    /// <summary>
    /// Reads texts with both. Each network reads a text with its own tokenizer: even where they share the words, their special tokens
    /// differ. The teacher, half of the work, takes a batch of long texts in parts, which is a tenth faster.
    /// </summary>
    /// <returns>(texts, width) and (texts, teacher's width), all of length 1.</returns>
    public (Tensor Student, Tensor Teacher) Embed(string[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        Tensor own = Student.Embed([.. texts.Select(Student.TokenizePassage)]);
        return (UnitVectors.Of(own).MoveToOuterDisposeScope(), UnitVectors.Of(Teacher.EncodePassages(texts)).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The same, and how far the tokens' states are from the teacher's: those of all layers where the networks have the same sizes, else
    /// those of the last, projected.
    /// </summary>
    /// <param name="texts">Those that both do not cut into equally many tokens are left out.</param>
    /// <param name="projection">(teacher's width, width).</param>
    /// <exception cref="GenQException">Hardly any text is cut into equally many tokens.</exception>
    public (Tensor Student, Tensor Teacher, Tensor Distance) EmbedWithStates(string[] texts, Tensor projection)
    {
        using IDisposable scope = NewDisposeScope();
        (PackedBatch own, PackedBatch known) = Pack(texts);
        Tensor[] targets;
        Tensor vectors;
        using (no_grad())
        {
            targets = Teacher.Network.States(known);
            vectors = Teacher.Pool(targets[^1], known);
        }

        Tensor[] states = Student.Network.States(own);
        Tensor distance = HaveSameSizes
            ? Distance(own, states, targets)
            : DistillationLoss.OfStates(own.WithoutFill(states[^1]), known.WithoutFill(targets[^1]).matmul(projection));
        Tensor said = Student.Pool(states[^1], own);
        return (
            UnitVectors.Of(said).MoveToOuterDisposeScope(), UnitVectors.Of(vectors).MoveToOuterDisposeScope(), distance.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// Reads texts with the teacher, and with each of the student's layers alone. Each layer, and the embeddings before the first, reads what
    /// the teacher's own reads, and is to say what that says. So no layer waits until those below it have learned, and none learns to make up
    /// for their errors.
    /// </summary>
    /// <param name="texts">Those that both do not cut into equally many tokens are left out.</param>
    /// <returns>The mean distance of the layers, with gradients, and the mean cosine of the texts' vectors: two scalars.</returns>
    /// <exception cref="GenQException">Hardly any text is cut into equally many tokens.</exception>
    public (Tensor Distance, Tensor Cosine) CompareLayers(string[] texts)
    {
        using IDisposable scope = NewDisposeScope();
        (PackedBatch own, PackedBatch known) = Pack(texts);
        Tensor[] targets;
        using (no_grad()) targets = Teacher.Network.States(known);
        Tensor[] said = [Student.Network.Embed(own), .. Student.Network.LayersOver(own).Select((layer, i) => layer(targets[i]))];
        Tensor distance = Distance(own, said, targets);
        using IDisposable guard = no_grad();
        Tensor cosine = (UnitVectors.Of(Student.Pool(said[^1], own)) * UnitVectors.Of(Teacher.Pool(targets[^1], known))).sum(1).mean();
        return (distance.MoveToOuterDisposeScope(), cosine.MoveToOuterDisposeScope());
    }

    /// <summary>Disposes of both.</summary>
    public void Dispose()
    {
        Student.Dispose();
        Teacher.Dispose();
    }

    private static Tensor Distance(PackedBatch batch, IEnumerable<Tensor> states, IEnumerable<Tensor> targets)
        => stack(states.Zip(targets, (own, target) => DistillationLoss.OfLayer(batch.WithoutFill(own), batch.WithoutFill(target)))).mean();

    // Texts that hold special tokens' strings, which differ between the two, are left out.
    private (PackedBatch Student, PackedBatch Teacher) Pack(string[] texts)
    {
        (int[] Own, int[] Known)[] ids =
        [
            .. texts.Select(text => (Own: Student.TokenizePassage(text), Known: Teacher.TokenizePassage(text)))
                .Where(text => text.Own.Length == text.Known.Length),
        ];
        if (ids.Length >= SmallestBatch)
            return (Student.Network.Pack([.. ids.Select(text => text.Own)]), Teacher.Network.Pack([.. ids.Select(text => text.Known)]));
        throw new GenQException(
            $"Student and teacher cut only {ids.Length} of {texts.Length} texts into equally many tokens: "
            + "states can only be compared token by token. Give the student the teacher's vocabulary, or compare the vectors of whole texts alone.");
    }
}
