using System.Runtime.CompilerServices;

namespace GenQ.Compute;

/// <summary>Functions that processors have no instruction for.</summary>
internal static class LaneMath
{
    /// <summary>e to the power of x, within 2 units in the last place; 0 below −87, where fp32 has next to nothing left.</summary>
    /// <remarks>Cephes' <c>expf</c> (Moshier): x = n ln 2 + r, ln 2 in two parts so that r is exact, a polynomial in r, times 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Exp<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        TLanes floor = TLanes.All(-87.3f);
        TLanes bounded = TLanes.Max(x, floor);
        TLanes n = TLanes.Round(bounded * TLanes.All(1.44269504f));
        TLanes r = TLanes.MultiplyAdd(n, TLanes.All(-0.693359375f), bounded);
        r = TLanes.MultiplyAdd(n, TLanes.All(2.12194440e-4f), r);
        TLanes p = TLanes.All(1.9875691500e-4f);
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.3981999507e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(8.3334519073e-3f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(4.1665795894e-2f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(1.6666665459e-1f));
        p = TLanes.MultiplyAdd(p, r, TLanes.All(5.0000001201e-1f));
        p = TLanes.MultiplyAdd(p, r * r, r + TLanes.All(1));
        return TLanes.BySign(x - floor, TLanes.All(0), p * TLanes.PowerOfTwo(n));
    }

    /// <summary>The normal distribution below x, within 1.5e-7, and e to the power of −x²/2.</summary>
    /// <remarks>Abramowitz and Stegun 1964, formula 7.1.26, whose exponential is the density's too.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TLanes Below, TLanes Bell) Normal<TLanes>(TLanes x)
        where TLanes : struct, ILanes<TLanes>
    {
        const float SquareRootOfHalf = 0.70710678f;
        TLanes t = TLanes.All(1) / TLanes.MultiplyAdd(TLanes.Abs(x), TLanes.All(0.3275911f * SquareRootOfHalf), TLanes.All(1));
        TLanes bell = Exp(x * x * TLanes.All(-0.5f));
        TLanes p = TLanes.All(1.061405429f);
        p = TLanes.MultiplyAdd(p, t, TLanes.All(-1.453152027f));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(1.421413741f));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(-0.284496736f));
        p = TLanes.MultiplyAdd(p, t, TLanes.All(0.254829592f));
        TLanes tail = p * t * bell * TLanes.All(0.5f);
        return (TLanes.BySign(x, tail, TLanes.All(1) - tail), bell);
    }
}
