using System.Buffers.Binary;
using System.Collections;
using System.Text;

namespace Makemore;

/// <summary>A message in the wire format of protocol buffers: integers are varints, floating-point numbers have 4 or 8 bytes, all else
/// has its length in front (https://protobuf.dev/programming-guides/encoding).</summary>
internal sealed class ProtoMessage : IEnumerable<int>
{
    private const int Varint = 0, Fixed64 = 1, LengthDelimited = 2, Fixed32 = 5;

    private readonly List<(int Number, object Value)> _fields = [];

    /// <summary>The number of bytes of the message.</summary>
    public long Size { get; private set; }

    /// <summary>Adds an integer.</summary>
    public void Add(int field, long value) => Add(field, value, SizeOf((ulong)value));

    /// <summary>Adds a number of 8 bytes.</summary>
    public void Add(int field, double value) => Add(field, value, sizeof(double));

    /// <summary>Adds a number of 4 bytes.</summary>
    public void Add(int field, float value) => Add(field, value, sizeof(float));

    /// <summary>Adds bytes.</summary>
    public void Add(int field, byte[] value) => Add(field, value, SizeOf((ulong)value.LongLength) + value.LongLength);

    /// <summary>Adds a text.</summary>
    public void Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Adds a message.</summary>
    public void Add(int field, ProtoMessage value) => Add(field, value, SizeOf((ulong)value.Size) + value.Size);

    /// <summary>Adds a field that is repeated.</summary>
    public void Add(int field, IEnumerable<long> values)
    {
        foreach (var value in values)
            Add(field, value);
    }

    /// <inheritdoc cref="Add(int, IEnumerable{long})"/>
    public void Add(int field, IEnumerable<string> values)
    {
        foreach (var value in values)
            Add(field, value);
    }

    /// <inheritdoc cref="Add(int, IEnumerable{long})"/>
    public void Add(int field, IEnumerable<ProtoMessage> values)
    {
        foreach (var value in values)
            Add(field, value);
    }

    /// <summary>Writes the message.</summary>
    public void Write(Stream stream)
    {
        foreach (var (number, value) in _fields)
            switch (value)
            {
                case long integer:
                    WriteVarint(stream, Tag(number, Varint));
                    WriteVarint(stream, (ulong)integer);
                    break;
                case double number64:
                    WriteVarint(stream, Tag(number, Fixed64));
                    stream.Write(LittleEndian(BitConverter.DoubleToInt64Bits(number64), sizeof(double)));
                    break;
                case float number32:
                    WriteVarint(stream, Tag(number, Fixed32));
                    stream.Write(LittleEndian(BitConverter.SingleToInt32Bits(number32), sizeof(float)));
                    break;
                case byte[] bytes:
                    WriteHead(number, bytes.LongLength);
                    stream.Write(bytes);
                    break;
                case ProtoMessage message:
                    WriteHead(number, message.Size);
                    message.Write(stream);
                    break;
            }

        void WriteHead(int number, long length)
        {
            WriteVarint(stream, Tag(number, LengthDelimited));
            WriteVarint(stream, (ulong)length);
        }
    }

    /// <summary>The numbers of the fields, in order.</summary>
    public IEnumerator<int> GetEnumerator() => _fields.Select(field => field.Number).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(int field, object value, long size)
    {
        _fields.Add((field, value));
        Size += SizeOf(Tag(field, Varint)) + size;
    }

    private static byte[] LittleEndian(long bits, int count)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bits);
        return bytes[..count];
    }

    private static ulong Tag(int field, int type) => ((ulong)field << 3) | (uint)type;

    private static long SizeOf(ulong value) => 1 + (long)(ulong.Log2(value) / 7);

    private static void WriteVarint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }
}
