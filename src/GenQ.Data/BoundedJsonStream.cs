namespace GenQ.Data;

/// <summary>JSON on its way to a reader that keeps a whole text in memory, several times over: a text without end is refused in the midst of it.</summary>
/// <param name="inner">Gives UTF-8; it is disposed of with this stream.</param>
/// <param name="name">Names the file in messages.</param>
internal sealed class BoundedJsonStream(Stream inner, string name) : ReadOnlyStream(inner)
{
    private readonly Stream _inner = inner;
    private int _length;
    private bool _isEscaped;

    /// <summary>Reads on.</summary>
    /// <exception cref="GenQException">More than <see cref="InputLimits.LineCharacters"/> bytes stand between two quotation marks.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = _inner.Read(buffer);
        foreach (byte b in buffer[..read])
        {
            _length = b == '"' && !_isEscaped ? 0 : _length + 1;
            _isEscaped = b == '\\' && !_isEscaped;
            if (_length > InputLimits.LineCharacters)
                throw new GenQException($"'{name}' has a text of more than {InputLimits.LineCharacters:N0} bytes, which no passage has. Is it damaged, or another kind of file?");
        }

        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
}
