namespace GenQ.Documents;

/// <summary>The bytes of a stream, whole in memory: every format here is decoded from its whole file.</summary>
internal static class FileBytes
{
    /// <summary>Reads to the end; a <see cref="MemoryStream"/> that shows its buffer is not copied.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (stream is MemoryStream memory && memory.TryGetBuffer(out ArraySegment<byte> buffer))
            return buffer.AsMemory((int)memory.Position);

        MemoryStream copy = new();
        await stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
        return copy.GetBuffer().AsMemory(0, (int)copy.Length);
    }
}
