using System.Buffers.Binary;
using System.Text;

namespace Makemore.Tests.Scripts;

/// <summary>Event files for TensorBoard, read by a parser of the test's own.</summary>
public sealed class TensorBoardTests
{
    [Fact]
    public void EventFile_OfAResumedRun_HasTheNumbersOfMetrics()
    {
        var run = ScriptRun.Run("mlp", "--max-steps", "6", "--tensorboard").Again("--resume", "--max-steps", "12", "--tensorboard");
        var events = Records(File.ReadAllBytes(run.Saved("events.out.tfevents.makemore"))).Select(Parse).ToArray();
        Assert.Equal("brain.Event:2", events[0].Version);
        var curves = MetricsSink.Read(run.Saved("metrics.jsonl")).Value();
        Assert.Equal(
            curves.Evaluations.Select(metrics => (metrics.Step, (float)metrics.HeldOutLoss)),
            events.Where(written => written.Tag == "loss/test").Select(written => (written.Step, written.Value)));
        Assert.Equal(12, events.Where(written => written.Tag == "loss/batch").Max(written => written.Step));
        Assert.Equal(
            ["gradient_norm", "learning_rate", "loss/batch", "loss/test", "loss/train", "words_per_second"],
            events.Skip(1).Select(written => written.Tag).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>The checksum of 32 zeros is in RFC 3720, appendix B.4.</summary>
    [Fact]
    public void Crc_OfZeros_IsThatOfTheStandard() => Assert.Equal(0x8a9136aau, Crc(new byte[32]));

    /// <summary>The records of a file, whose checksums are verified.</summary>
    private static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file[at..(at + 8)]), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            var data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            yield return data;
            at += 16 + length;
        }
    }

    private static uint Masked(byte[] data) => Crc(data) is var crc ? unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u) : 0;

    /// <summary>CRC-32C, bit by bit.</summary>
    private static uint Crc(byte[] data)
    {
        var crc = ~0u;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0x82f63b78u;
        }
        return ~crc;
    }

    private static (long Step, string Version, string Tag, float Value) Parse(byte[] record)
    {
        var fields = Fields(record);
        Assert.InRange(BitConverter.ToDouble(fields[1]), DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds());
        if (fields.TryGetValue(3, out var version))
            return (0, Encoding.UTF8.GetString(version), "", 0);
        var value = Fields(Fields(fields[5])[1]);
        return (BitConverter.ToInt64(fields[2]), "", Encoding.UTF8.GetString(value[1]), BitConverter.ToSingle(value[2]));
    }

    /// <summary>The fields of a message by their number; integers as 8 bytes.</summary>
    private static Dictionary<int, byte[]> Fields(byte[] message)
    {
        var (fields, at) = (new Dictionary<int, byte[]>(), 0);
        while (at < message.Length)
        {
            var tag = (int)Varint();
            fields.Add(tag >> 3, (tag & 7) switch
            {
                0 => BitConverter.GetBytes(Varint()),
                1 => Take(8),
                2 => Take((int)Varint()),
                5 => Take(4),
                var type => throw new InvalidDataException($"wire type {type}"),
            });
        }
        return fields;

        byte[] Take(int count) => message[at..(at += count)];

        long Varint()
        {
            var (value, shift) = (0L, 0);
            for (; ; shift += 7)
            {
                var next = message[at++];
                value |= (long)(next & 127) << shift;
                if (next < 128)
                    return value;
            }
        }
    }
}
