using GenQ.Text;

namespace GenQ.Extensions.Tests;

/// <summary>An encoder that a test holds in the middle of its work, and that tells when it is disposed of.</summary>
internal sealed class HeldEncoder(ISentenceEncoder encoder) : ISentenceEncoder
{
    private readonly ManualResetEventSlim _isEntered = new(), _mayLeave = new(initialState: true);

    public bool IsDisposed { get; private set; }

    public int Dimensions => encoder.Dimensions;

    public string ModelHash => encoder.ModelHash;

    public void Hold() => _mayLeave.Reset();

    public void WaitUntilEntered() => Assert.True(_isEntered.Wait(TimeSpan.FromSeconds(30)));

    public void Release() => _mayLeave.Set();

    public float[][] Encode(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => encoder.Encode(texts, progress, cancellation);

    public float[][] EncodeQueries(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        _isEntered.Set();
        _mayLeave.Wait(cancellation);
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return encoder.EncodeQueries(texts, progress, cancellation);
    }

    public float[][] EncodePassages(IReadOnlyList<string> texts, IProgress<int>? progress = null, CancellationToken cancellation = default)
        => encoder.EncodePassages(texts, progress, cancellation);

    public void Dispose()
    {
        IsDisposed = true;
        encoder.Dispose();
    }
}
