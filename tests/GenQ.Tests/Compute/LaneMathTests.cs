using GenQ.Compute;

namespace GenQ.Tests.Compute;

public sealed unsafe class LaneMathTests
{
    // Of published tables: powers of e, and the normal distribution beyond a number.
    private static readonly (float X, float Power)[] Powers = [(0, 1), (1, 2.7182817f), (-1, 0.36787945f), (-20, 2.0611537e-9f), (50, 5.1847055e21f), (-87, 1.6458115e-38f)];
    private static readonly (float X, float Tail)[] Tails = [(0, 0.5f), (1, 0.15865525f), (2, 0.022750132f), (3, 0.0013498980f), (4, 3.1671242e-5f), (1e9f, 0)];

    [Theory]
    [InlineData(16)]
    [InlineData(8)]
    [InlineData(1)]
    public void Registers_of_each_width_agree_with_published_tables_and_find_their_greatest_number(int lanes)
    {
        Assert.SkipWhen(lanes > Registers.Widest, $"this processor has no registers of {lanes} numbers");
        switch (lanes)
        {
            case 16: Check<Lanes512>(); break;
            case 8: Check<Lanes256>(); break;
            default: Check<Lanes1>(); break;
        }
    }

    private static void Check<TLanes>()
        where TLanes : struct, ILanes<TLanes>
    {
        Assert.All(Powers, power => Assert.Equal(1, InAllLanes(LaneMath.Exp(TLanes.All(power.X))) / power.Power, 3e-7f));
        Assert.All([-150f, -1e30f, float.NegativeInfinity], x => Assert.Equal(0, InAllLanes(LaneMath.Exp(TLanes.All(x)))));
        Assert.All(Tails, tail => Assert.Equal(tail.Tail, InAllLanes(LaneMath.NormalTail(TLanes.All(tail.X))), 1e-6f));

        float* numbers = stackalloc float[TLanes.Count];
        for (int place = 0; place < TLanes.Count; place++)
        {
            for (int i = 0; i < TLanes.Count; i++) numbers[i] = i == place ? -1 : -2 - i;
            Assert.Equal(-1, TLanes.Load(numbers).Greatest());
        }
    }

    private static float InAllLanes<TLanes>(TLanes lanes)
        where TLanes : struct, ILanes<TLanes>
    {
        float* numbers = stackalloc float[TLanes.Count];
        lanes.Store(numbers);
        for (int i = 1; i < TLanes.Count; i++) Assert.Equal(numbers[0], numbers[i]);
        return numbers[0];
    }
}
