using System.Buffers;

namespace GenQ.Text;

/// <summary>A growing list on rented memory: a text is encoded without garbage besides its ids. Dispose returns the memory.</summary>
internal ref struct PooledList<T>(int capacity) : IDisposable
    where T : unmanaged
{
    private T[] _items = ArrayPool<T>.Shared.Rent(capacity);

    public int Count { get; private set; }

    public readonly Span<T> Span => _items.AsSpan(0, Count);

    public void Add(T item)
    {
        if (Count == _items.Length) Grow(1);
        _items[Count++] = item;
    }

    public void AddRange(scoped ReadOnlySpan<T> items)
    {
        items.CopyTo(Free(items.Length));
        Count += items.Length;
    }

    /// <summary>At least <paramref name="length"/> unused items behind the list; <see cref="Claim"/> makes them part of it.</summary>
    public Span<T> Free(int length)
    {
        if (length > _items.Length - Count) Grow(length);
        return _items.AsSpan(Count);
    }

    public void Claim(int length) => Count += length;

    public void Truncate(int count) => Count = count;

    public readonly void Dispose() => ArrayPool<T>.Shared.Return(_items);

    private void Grow(int more)
    {
        T[] larger = ArrayPool<T>.Shared.Rent(Math.Max(2 * _items.Length, Count + more));
        Span.CopyTo(larger);
        ArrayPool<T>.Shared.Return(_items);
        _items = larger;
    }
}
