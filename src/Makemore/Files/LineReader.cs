namespace Makemore;

/// <summary>Reads the lines of a stream as bytes, through one buffer of the maximum length of a line.</summary>
/// <param name="stream">The stream.</param>
/// <param name="maxLength">The maximum number of bytes in a line, including its line feed.</param>
internal sealed class LineReader(Stream stream, int maxLength)
{
    private readonly byte[] _buffer = new byte[maxLength];
    private int _start;
    private int _end;
    private bool _isAtEnd;
    private long _bufferOffset;

    /// <summary>The number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>The offset of the line read last, in bytes from the initial position of the stream.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the line after the one read last is too long.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>What has been read of the stream, from the beginning of the line read last.</summary>
    public ReadOnlySpan<byte> Ahead => _buffer.AsSpan((int)(Offset - _bufferOffset), _end - (int)(Offset - _bufferOffset));

    private ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads the next line, without its line feed; the span is valid until the next read.</summary>
    /// <returns>Whether there was a line.</returns>
    public bool Read(out ReadOnlySpan<byte> line)
    {
        var length = Rest.IndexOf((byte)'\n');
        while (length < 0 && Fill())
            length = Rest.IndexOf((byte)'\n');
        line = length < 0 ? Rest : Rest[..length];
        Offset = _bufferOffset + _start;
        _start = Math.Min(_start + line.Length + 1, _end);
        var isLine = !IsTooLong && (length >= 0 || line.Length > 0);
        Number += isLine ? 1 : 0;
        return isLine;
    }

    /// <summary>Moves the remaining bytes to the front of the buffer and reads more.</summary>
    private bool Fill()
    {
        Rest.CopyTo(_buffer);
        _bufferOffset += _start;
        (_start, _end) = (0, _end - _start);
        IsTooLong = _end == _buffer.Length;
        if (IsTooLong || _isAtEnd)
            return false;
        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _isAtEnd = count == 0;
        return !_isAtEnd;
    }
}
