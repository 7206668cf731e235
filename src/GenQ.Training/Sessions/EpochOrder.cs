using GenQ.Compute;

namespace GenQ.Training;

/// <summary>Goes through things again and again: each once per epoch, in an order of that epoch's own.</summary>
/// <param name="count">How many there are, at least 1.</param>
/// <param name="seed">Where the orders come from.</param>
internal sealed class EpochOrder(int count, long seed)
{
    private int[] _order = [];
    private long _epoch = -1;

    /// <summary>Which one has its turn at a position, counted from 0 over all epochs.</summary>
    public int At(long position)
    {
        if (position / count != _epoch)
        {
            _epoch = position / count;
            _order = [.. Enumerable.Range(0, count)];
            new CounterRandom(seed, _epoch, 3).Shuffle<int>(_order);
        }

        return _order[position % count];
    }
}
