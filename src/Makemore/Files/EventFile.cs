using System.Buffers.Binary;
using System.Numerics;
using LanguageExt;

namespace Makemore;

/// <summary>Event files, which TensorBoard shows: numbers by step.</summary>
/// <remarks>Each record is its length in 8 bytes, a checksum of these, an Event message, and a checksum of that: TensorFlow's
/// tfrecord.html and event.proto.</remarks>
public static class EventFile
{
    // The numbers of the fields of Event, Summary and Summary.Value.
    private const int WallTime = 1, Step = 2, FileVersion = 3, Summary = 5, Value = 1, Tag = 1, SimpleValue = 2;

    /// <summary>The version, with which each file begins.</summary>
    public const string Version = "brain.Event:2";

    /// <summary>Writes a file with some numbers, in place of one that is there.</summary>
    /// <param name="path">The file; TensorBoard looks for names with "tfevents".</param>
    /// <param name="values">The numbers, by step and name.</param>
    /// <returns>Nothing, or why the file cannot be written.</returns>
    public static Either<Fault, Unit> Start(string path, IEnumerable<(long Step, string Name, double Value)> values)
    {
        byte[] head = Record(new() { { WallTime, Now }, { FileVersion, Version } }), records = [.. values.SelectMany(Event)];
        return AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            stream.Write(records);
        });
    }

    /// <summary>Appends numbers to such a file, in a single write.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">The numbers.</param>
    /// <returns>Nothing, or why they cannot be written.</returns>
    public static Either<Fault, Unit> Append(string path, IEnumerable<(long Step, string Name, double Value)> values)
    {
        byte[] records = [.. values.SelectMany(Event)];
        return AtomicFile.Appendable(path).Bind(file => FileFaults.Catch<Unit>(path, () =>
        {
            File.AppendAllBytes(file, records);
            return Unit.Default;
        }));
    }

    private static double Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;

    private static byte[] Event((long Step, string Name, double Value) value) => Record(new()
    {
        { WallTime, Now }, { Step, value.Step },
        { Summary, new ProtoMessage { { Value, new ProtoMessage { { Tag, value.Name }, { SimpleValue, (float)value.Value } } } } },
    });

    private static byte[] Record(ProtoMessage message)
    {
        using var stream = new MemoryStream();
        message.Write(stream);
        var (length, data) = (new byte[sizeof(long)], stream.ToArray());
        BinaryPrimitives.WriteInt64LittleEndian(length, data.Length);
        return [.. length, .. Checksum(length), .. data, .. Checksum(data)];
    }

    /// <summary>The CRC-32C of some bytes, rotated and shifted so that it is not that of data with checksums in it.</summary>
    private static byte[] Checksum(byte[] data)
    {
        var crc = ~data.Aggregate(uint.MaxValue, BitOperations.Crc32C);
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, BitOperations.RotateRight(crc, 15) + 0xa282ead8);
        return bytes;
    }
}
