namespace GenQ.Text;

/// <summary>A tensor as a pickle describes it: a window on a storage. Offset and strides count numbers, not bytes.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether its numbers are the storage's first ones, in their order.</summary>
    public bool IsStartOfStorage
    {
        get
        {
            if (Offset != 0) return false;
            long stride = 1;
            for (int i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != stride) return false;
                stride *= Shape[i];
            }

            return true;
        }
    }

    /// <summary>Takes the numbers out of their storage.</summary>
    /// <param name="storage">The storage's bytes, which hold the whole window.</param>
    /// <param name="use">Told what fills a span with the next numbers; a span ends where a number ends.</param>
    public void Gather(byte[] storage, Action<StoredTensor.TakeBytes> use)
    {
        int size = TensorInfo.SizeOf(Storage.Type);
        long[] index = new long[Shape.Length];
        long place = Offset;
        use(bytes =>
        {
            for (; bytes.Length > 0; bytes = bytes[size..])
            {
                storage.AsSpan((int)(place * size), size).CopyTo(bytes);

                // To the next number, the last dimension first.
                for (int i = Shape.Length - 1; i >= 0; i--)
                {
                    place += Strides[i];
                    if (++index[i] < Shape[i]) break;
                    place -= Strides[i] * Shape[i];
                    index[i] = 0;
                }
            }
        });
    }
}
