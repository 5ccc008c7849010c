using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Makemore.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private static readonly Dictionary<string, string> Metadata = new() { ["b"] = "é \"x\" 🙂", ["a"] = "1\n2" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThenRead_GivesTheSame()
    {
        var path = Save();
        var file = Safetensors.Read(path).Value();
        Assert.Equal(["w.weight", "ids", "none", "scalar"], file.Leaves.Select(leaf => leaf.Name));
        Assert.Equal([1.5f, -0f, float.NaN, float.MaxValue], file.Leaves[0].Value.ToArray());
        Assert.Equal([2, 2], file.Leaves[0].Value.Shape);
        Assert.Equal([-1, int.MaxValue, 0], file.Leaves[1].Value.ToInts());
        Assert.Equal([0, 3], file.Leaves[2].Value.Shape);
        Assert.Equal(7f, file.Leaves[3].Value.Item());
        Assert.Equal(Metadata["a"], file.Metadata["a"]);
        Assert.Equal(Metadata["b"], file.Metadata["b"]);
    }

    [Fact]
    public void Write_ManySizes_AreReadBackBitForBit() =>
        Prop.ForAll<int[], byte>((numbers, columns) =>
        {
            var width = Math.Max(1, columns % 7);
            var values = numbers[..(numbers.Length / width * width)];
            var floats = Array.ConvertAll(values, BitConverter.Int32BitsToSingle);
            Shape shape = [values.Length / width, width];
            var path = _folder["sizes"];
            Safetensors.Write(path, [new("i", Tensor.Of(values, shape)), new("f", Tensor.Of(floats, shape))]).Value();
            var leaves = Safetensors.Read(path).Value().Leaves;
            return leaves[0].Value.ToInts().SequenceEqual(values) && leaves.All(leaf => leaf.Value.Shape.Equals(shape))
                && leaves[1].Value.ToArray().Select(BitConverter.SingleToInt32Bits).SequenceEqual(values);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Write_LargeTensor_IsReadBackInPieces()
    {
        var values = Enumerable.Range(0, 2_500_000).ToArray();
        Safetensors.Write(_folder["large"], [new("x", Tensor.Of(values, [values.Length]))]).Value();
        Assert.Equal(values, Safetensors.Read(_folder["large"]).Value().Leaves[0].Value.ToInts());
    }

    [Fact]
    public void Write_SameContents_SameBytes()
    {
        var first = File.ReadAllBytes(Save());
        Safetensors.Write(_folder["again"], Leaves(), Metadata.Reverse().ToDictionary()).Value();
        Assert.Equal(first, File.ReadAllBytes(_folder["again"]));
    }

    [Fact]
    public void Write_Header_IsAlignedWithMetadataFirst()
    {
        var bytes = File.ReadAllBytes(Save());
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var header = Encoding.UTF8.GetString(bytes, 8, (int)length);
        Assert.Equal(0, length % 8);
        Assert.StartsWith("""{"__metadata__":{"a":"1\n2","b":"é \"x\" """, header);
        Assert.Contains(""","w.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"ids":{""", header);
        Assert.Equal(8 + length + 32, bytes.Length);
    }

    [Fact]
    public void Write_NameTwice_Throws()
    {
        var leaf = Leaves()[0];
        Assert.Throws<ArgumentException>(() => Safetensors.Write(_folder["x"], [leaf, leaf]));
        Assert.Throws<ArgumentException>(() => Safetensors.Write(_folder["x"], [leaf with { Name = "__metadata__" }]));
    }

    [Fact]
    public void Read_AnyFlippedBit_IsDetected()
    {
        var bytes = File.ReadAllBytes(Save());
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= (byte)(1 << (i % 8));
            // If its name is damaged the hash is not recognized, as in any other file.
            var isDetected = Safetensors.Read(_folder.Write("damaged", damaged))
                .Match(Right: file => !file.Metadata.ContainsKey(Safetensors.HashName), Left: _ => true);
            Assert.True(isDetected, $"byte {i}");
        }
    }

    [Fact]
    public void Read_FlippedNumber_IsCorrupted()
    {
        var bytes = File.ReadAllBytes(Save());
        bytes[^1] ^= 1;
        var path = _folder.Write("damaged", bytes);
        Assert.Equal($"{path}: corrupted: the contents do not match the hash", Safetensors.Read(path).Message());
    }

    [Fact]
    public void Read_TruncatedAnywhere_IsOneFault()
    {
        var bytes = File.ReadAllBytes(Save());
        for (var length = 0; length < bytes.Length; length++)
            Assert.Contains("truncated: ", Safetensors.Read(_folder.Write("short", bytes[..length])).Message());
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)]
    [InlineData("""{ "x": {"shape": [2, 1], "data_offsets": [0, 8], "dtype": "I32"}, "__metadata__": {} }   """, 8)]
    [InlineData("""{"b":{"dtype":"F32","shape":[],"data_offsets":[4,8]},"""
        + """ "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)]
    [InlineData("""{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("{}", 0)]
    public void Read_ForeignFile_IsAccepted(string header, int dataLength) =>
        Safetensors.Read(Foreign(header, dataLength)).Value();

    [Theory]
    [InlineData("no json", 0, "the header is not JSON: this is not a safetensors file, or it is corrupted")]
    [InlineData("[]", 0, "the header is not a JSON object, so this is not a safetensors file")]
    [InlineData("""{"x":{},"x":{}}""", 0, "the header is not JSON: this is not a safetensors file, or it is corrupted")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, "'__metadata__' in the header is not a map of strings")]
    [InlineData("""{"__metadata__":"a"}""", 0, "'__metadata__' in the header is not a map of strings")]
    [InlineData("""{"x":1}""", 0, "'x' in the header has no valid dtype")]
    [InlineData("""{"x":{"dtype":"F32","data_offsets":[0,4]}}""", 4,
        "'x' in the header has no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4,
        "'x' in the header has no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,0]}}""", 0,
        "'x' in the header has no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1e99],"data_offsets":[0,4]}}""", 4,
        "'x' in the header has no valid shape")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1]}}""", 4, "'x' in the header has no valid data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4,
        "'x' in the header has no valid data_offsets")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4,
        "'x' in the header has no valid data_offsets")]
    [InlineData("""{"x":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]}}""", 2,
        "'x' is BF16; only F32 and I32 can be read, so convert it first")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4,
        "'x' has 4 bytes of data, but its shape and dtype need 8")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 5,
        "truncated: 'x' ends at byte 8, the data at 5")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"""
        + """ "y":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", 6, "'x' and 'y' overlap in the data")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "bytes 0 to 4 of the data belong to no tensor")]
    [InlineData("{}", 4, "bytes 0 to 4 of the data belong to no tensor")]
    [InlineData("""{"__metadata__":{"sha256":"00"}}""", 0, "corrupted: the contents do not match the hash")]
    public void Read_DamagedHeader_IsOneFault(string header, int dataLength, string expected)
    {
        var path = Foreign(header, dataLength);
        Assert.Equal($"{path}: {expected}", Safetensors.Read(path).Message());
    }

    [Theory]
    [InlineData(ulong.MaxValue, "not a safetensors file: a header of 18446744073709551615 bytes is implausible")]
    [InlineData(100ul, "truncated: a header of 100 bytes in a file of 10")]
    public void Read_HeaderLengthThatDoesNotFit_IsOneFault(ulong length, string expected)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        var path = _folder.Write("x", bytes);
        Assert.Equal($"{path}: {expected}", Safetensors.Read(path).Message());
    }

    [Fact]
    public void Read_NoFile_IsOneFault()
    {
        Assert.Equal("none.safetensors: no such file", Safetensors.Read("none.safetensors").Message());
        Assert.EndsWith(": is a folder, not a file", Safetensors.Read(_folder["."]).Message());
    }

    private static Leaf[] Leaves() =>
    [
        new("w.weight", Tensor.Of([1.5f, -0f, float.NaN, float.MaxValue], [2, 2])),
        new("ids", Tensor.Of([-1, int.MaxValue, 0], [3])),
        new("none", Tensor.Of(ReadOnlySpan<float>.Empty, [0, 3])),
        new("scalar", Tensor.Of([7f], [])),
    ];

    private string Save()
    {
        Safetensors.Write(_folder["saved"], Leaves(), Metadata).Value();
        return _folder["saved"];
    }

    private string Foreign(string header, int dataLength)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        return _folder.Write("foreign", [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]]);
    }
}
