using System.Runtime.CompilerServices;

namespace GenQ.Compute;

/// <summary>Functions that processors have no instruction for.</summary>
internal static class LaneMath
{
    private const float RootOfHalf = 0.70710678f;

    /// <summary>e to the power of x, within 2 units in the last place; 0, or what fp32 has left beside it, below −87.</summary>
    /// <remarks>Cephes' <c>expf</c> (Moshier): x = n ln 2 + r, ln 2 in two parts so that r is exact, a polynomial in r, times 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes bounded = TLanes.Max(x, TLanes.All(-104));
        TLanes n = TLanes.Round(bounded * TLanes.All(1.44269504f));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.All(-0.693359375f), bounded);
        r = TLanes.MultiplyAdd(n, TLanes.All(2.12194440e-4f), r);
        TLanes p = TLanes.All(1.9875691500e-4f);
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.3981999507e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(8.3334519073e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(4.1665795894e-2f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.6666665459e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(5.0000001201e-1f));
        return TLanes.Scale(TLanes.MultiplyAdd(p, r * r, r + TLanes.All(1)), n);
    }

    /// <summary>The normal distribution beyond x, at least 0, within 1e-6.</summary>
    /// <remarks>Abramowitz and Stegun 1964, formula 7.1.28, with the root of 2 in its coefficients: it needs no exponential.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes NormalTail<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes p = TLanes.All(0.0000430638f / 8);
        p = TLanes.MultiplyAdd(p, x, TLanes.All(0.0002765672f / 4 * RootOfHalf));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(0.0001520143f / 4));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(0.0092705272f / 2 * RootOfHalf));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(0.0422820123f / 2));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(0.0705230784f * RootOfHalf));
        p = TLanes.MultiplyAdd(p, x, TLanes.All(1));
        for (int i = 0; i < 4; i++) p *= p;
        return TLanes.All(0.5f) / p;
    }
}
