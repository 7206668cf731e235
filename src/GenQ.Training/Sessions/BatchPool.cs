using GenQ.Compute;

namespace GenQ.Training;

/// <summary>
/// Batches that are laid out together, many at a time, so that texts of about one length can share a batch, and then come in an order of chance. Batch n
/// is a function of the seed and n alone.
/// </summary>
/// <param name="batches">Batches of a pool.</param>
/// <param name="seed">Where the order comes from.</param>
/// <param name="layOut">Gives the batches of a pool by its number, counted from 0.</param>
internal sealed class BatchPool<T>(int batches, long seed, Func<long, T[][]> layOut)
{
    private T[][] _pool = [];
    private long _number = -1;

    /// <summary>The batch of a step, counted from 0.</summary>
    public T[] Batch(long step)
    {
        if (step / batches != _number)
        {
            (_pool, _number) = (layOut(step / batches), step / batches);
            new CounterRandom(seed, _number, 2).Shuffle<T[]>(_pool);
        }

        return _pool[step % batches];
    }
}
