namespace GenQ.Text;

/// <summary>A sentence encoder: reads a text, gives a vector. What computes it, torch or ONNX Runtime, is the implementation's matter.</summary>
/// <remarks>Thread-safe except for <see cref="IDisposable.Dispose"/>.</remarks>
public interface ISentenceEncoder : IDisposable
{
    /// <summary>Length of a vector.</summary>
    int Dimensions { get; }

    /// <summary>Names the contents of the model: an index of its vectors carries the same name.</summary>
    string ModelHash { get; }

    /// <summary>Encodes texts of no particular kind: only a prompt that the model gives to all texts is put in front.</summary>
    /// <param name="texts">Any texts, also empty ones; what is beyond the model's most tokens is cut off.</param>
    /// <param name="progress">Told how many texts are done.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>A vector of <see cref="Dimensions"/> numbers for each text, in the same order.</returns>
    float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default);

    /// <summary>Encodes queries, each after the model's prompt for queries.</summary>
    /// <inheritdoc cref="Encode"/>
    float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default);

    /// <summary>Encodes passages, each after the model's prompt for passages.</summary>
    /// <inheritdoc cref="Encode"/>
    float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default);
}
