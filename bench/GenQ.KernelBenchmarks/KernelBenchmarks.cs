using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using GenQ.Compute;

namespace GenQ.KernelBenchmarks;

/// <summary>The kernels between two matrix multiplications, on one thread, for the rows of a training step of MPNet-base, by width of register.</summary>
public unsafe class KernelBenchmarks
{
    private const int Rows = 4864, Width = 768, Inner = 3072, Heads = 12, Sequences = 24, Parameters = 4 * Width * Width, IndexRows = 85, Queries = 128;

    private readonly List<nint> _blocks = [];
    private readonly AttentionLayout _layout = new(
        Heads, Width / Heads, 208, [.. Enumerable.Range(0, Sequences).Select(i => i * 200)], [.. Enumerable.Repeat(200, Sequences)]);
    private readonly float[] _gradientSums = new float[Inner];
    private float[] _weights = [], _gradients = [], _means = [], _variances = [];
    private float* _stream, _normalized, _scales, _vector, _large, _products;
    private Bf16* _matmul, _other, _scores, _heads;

    /// <summary>Lanes of the register.</summary>
    [Params(16, 8, 1)]
    public int Lanes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Registers.Widest = Lanes;
        ParallelRanges.Threads = 1;
        _stream = Floats(Rows * Width);
        _normalized = Floats(Rows * Width);
        _scales = Floats(Rows);
        _vector = Floats(Inner);
        // Where GELU's derivative is 1: the gradient, which is changed in place, stays what it is.
        _large = Floats(Inner);
        new Span<float>(_large, Inner).Fill(10);
        _products = Floats(IndexRows * Queries);
        _matmul = Halves(Rows * Inner);
        _other = Halves(Rows * Inner);
        _scores = Halves(Sequences * Heads * _layout.Length * _layout.Length);
        _heads = Halves(Sequences * Heads * _layout.Length * _layout.HeadWidth);
        _weights = new float[Parameters];
        _gradients = new float[Parameters];
        _means = new float[Parameters];
        _variances = new float[Parameters];
    }

    [GlobalCleanup]
    public void Cleanup() => _blocks.ForEach(block => NativeMemory.Free((void*)block));

    [Benchmark]
    public void Gelu() => GeluKernel.Forward(Rows, Inner, _matmul, _vector, _other);

    [Benchmark]
    public void GeluBackward() => GeluKernel.Backward(Rows, Inner, _matmul, _large, _other, _gradientSums);

    [Benchmark]
    public void LayerNorm() => LayerNormKernel.Forward(new LayerNormKernel.ForwardRows<Bf16>
    {
        Rows = Rows,
        Width = Width,
        Residual = _stream,
        MatMul = _matmul,
        Bias = _vector,
        Gain = _vector,
        Shift = _vector,
        Epsilon = 1e-5f,
        Normalized = _normalized,
        Scales = _scales,
        Output = _other,
    });

    [Benchmark]
    public void RmsNorm() => RmsNormKernel.Forward(Rows, Width, _stream, _matmul, _vector, 1e-6f, 1, _other);

    [Benchmark]
    public void SplitHeads() => HeadsKernel.Split(_layout, _matmul, Width, _vector, 0.125f, _heads);

    [Benchmark]
    public void Softmax() => SoftmaxKernel.Forward(_layout, _scores, null, 0, default, (Bf16*)null);

    [Benchmark]
    public void DotProducts() => DotProductsKernel.Compute(IndexRows, Width, _stream, Queries, _normalized, _products);

    [Benchmark]
    public void AdamW() => AdamWKernel.Update(_weights, _gradients, _means, _variances, new AdamWStep(1, 1e-5f, 1, 0.9f, 0.999f, 1, 1e-8f));

    private float* Floats(int count)
    {
        float* block = (float*)Block(count * (long)sizeof(float));
        for (int i = 0; i < count; i++) block[i] = MathF.Sin(i);
        return block;
    }

    private Bf16* Halves(long count)
    {
        Bf16* block = (Bf16*)Block(count * sizeof(Bf16));
        for (long i = 0; i < count; i++) block[i] = (Bf16)MathF.Sin(i);
        return block;
    }

    private void* Block(long bytes)
    {
        void* block = NativeMemory.Alloc((nuint)bytes);
        _blocks.Add((nint)block);
        return block;
    }
}
