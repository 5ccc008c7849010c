namespace Makemore;

/// <summary>The lines of a stream as bytes, through one buffer that is as long as a line may be.</summary>
/// <param name="stream">Where the bytes come from.</param>
/// <param name="longest">The greatest number of bytes that a line may have, its end included.</param>
internal sealed class LineReader(Stream stream, int longest)
{
    private readonly byte[] _buffer = new byte[longest];
    private int _start;
    private int _end;
    private bool _isDry;
    private long _before;

    /// <summary>The number of the line read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Where the line read last begins, in bytes from where the stream stood at first.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether the line after the one read last is longer than a line may be.</summary>
    public bool IsTooLong { get; private set; }

    private ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Reads the next line, without its line feed; it is good until the one after is read.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Read(out ReadOnlySpan<byte> line)
    {
        var length = Rest.IndexOf((byte)'\n');
        while (length < 0 && Fill())
            length = Rest.IndexOf((byte)'\n');
        line = length < 0 ? Rest : Rest[..length];
        Offset = _before + _start;
        _start = Math.Min(_start + line.Length + 1, _end);
        var isLine = !IsTooLong && (length >= 0 || line.Length > 0);
        Number += isLine ? 1 : 0;
        return isLine;
    }

    /// <summary>Moves what is left to the front and reads more behind it.</summary>
    private bool Fill()
    {
        Rest.CopyTo(_buffer);
        _before += _start;
        (_start, _end) = (0, _end - _start);
        IsTooLong = _end == _buffer.Length;
        if (IsTooLong || _isDry)
            return false;
        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += count;
        _isDry = count == 0;
        return !_isDry;
    }
}
