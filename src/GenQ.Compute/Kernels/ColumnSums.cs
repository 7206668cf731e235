using System.Runtime.InteropServices;

namespace GenQ.Compute;

/// <summary>
/// Sums over the rows of a matrix, gathered by range: each range has a row of its own here, and they are added up in order, so that the
/// result does not depend on which thread was the first.
/// </summary>
internal readonly unsafe struct ColumnSums : IDisposable
{
    private readonly int _ranges, _columns;
    private readonly float* _sums;

    /// <summary>Makes room for <paramref name="ranges"/> rows of zeros.</summary>
    public ColumnSums(int ranges, int columns)
    {
        (_ranges, _columns) = (ranges, columns);
        _sums = (float*)NativeMemory.AllocZeroed((nuint)ranges * (nuint)columns, sizeof(float));
    }

    /// <summary>The sums of a range.</summary>
    public float* Of(int range) => _sums + (long)range * _columns;

    /// <summary>Adds the columns from <paramref name="first"/> on to <paramref name="target"/>.</summary>
    public void AddTo(Span<float> target, int first = 0)
    {
        for (int range = 0; range < _ranges; range++)
        {
            float* sums = Of(range) + first;
            for (int i = 0; i < target.Length; i++) target[i] += sums[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_sums);
}
