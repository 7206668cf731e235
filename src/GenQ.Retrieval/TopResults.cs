namespace GenQ.Retrieval;

/// <summary>
/// Keeps the best of many results in a binary heap whose root is the worst that is kept. Of equal scores the lower
/// passage is better, so the outcome does not depend on the order in which results are offered.
/// </summary>
internal sealed class TopResults(int capacity)
{
    private readonly SearchResult[] _heap = new SearchResult[capacity];
    private int _count;

    /// <summary>A score below this cannot enter any more.</summary>
    public float Threshold => _count < _heap.Length ? float.NegativeInfinity : _heap[0].Score;

    /// <summary>Offers a result.</summary>
    public void Add(SearchResult result)
    {
        if (_count < _heap.Length) SiftUp(result);
        else if (_heap.Length > 0 && IsBetter(result, _heap[0])) SiftDown(result);
    }

    /// <summary>Offers all that another heap has kept.</summary>
    public void Add(TopResults other)
    {
        foreach (SearchResult result in other._heap.AsSpan(0, other._count)) Add(result);
    }

    /// <summary>The kept results, best first.</summary>
    public SearchResult[] ToArray()
    {
        SearchResult[] results = _heap[.._count];
        Array.Sort(results, static (a, b) => IsBetter(a, b) ? -1 : IsBetter(b, a) ? 1 : 0);
        return results;
    }

    private static bool IsBetter(SearchResult a, SearchResult b) => a.Score > b.Score || (a.Score == b.Score && a.Passage < b.Passage);

    private void SiftUp(SearchResult result)
    {
        int hole = _count++;
        for (int parent; hole > 0 && IsBetter(_heap[parent = (hole - 1) / 2], result); hole = parent) _heap[hole] = _heap[parent];
        _heap[hole] = result;
    }

    private void SiftDown(SearchResult result)
    {
        int hole = 0;
        for (int child; (child = 2 * hole + 1) < _heap.Length; hole = child)
        {
            if (child + 1 < _heap.Length && IsBetter(_heap[child], _heap[child + 1])) child++;
            if (IsBetter(_heap[child], result)) break;
            _heap[hole] = _heap[child];
        }

        _heap[hole] = result;
    }
}
