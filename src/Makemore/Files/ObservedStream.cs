namespace Makemore;

/// <summary>A forward-only stream that passes the bytes read or written to a callback.</summary>
/// <param name="stream">The stream; it stays open.</param>
/// <param name="watch">Receives the bytes that were read or written.</param>
internal sealed class ObservedStream(Stream stream, Action<ReadOnlySpan<byte>> watch) : Stream
{
    public override bool CanRead => stream.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => stream.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = stream.Read(buffer, offset, count);
        watch(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        stream.Write(buffer, offset, count);
        watch(buffer.AsSpan(offset, count));
    }

    public override void Flush() => stream.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
