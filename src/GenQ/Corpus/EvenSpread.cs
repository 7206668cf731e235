namespace GenQ;

/// <summary>Chooses places from all over a list: of equal stretches the first place each. No chance is in it.</summary>
internal static class EvenSpread
{
    /// <summary>At most so many places, in their order; all where there are no more.</summary>
    /// <param name="count">How long the list is.</param>
    /// <param name="most">How many places at most.</param>
    public static IEnumerable<int> Of(int count, int most)
        => count <= most ? Enumerable.Range(0, count) : Enumerable.Range(0, most).Select(i => (int)((long)i * count / most));
}
