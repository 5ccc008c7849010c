using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>
/// Tensors by name in a file that any safetensors reader reads: the header's length (8 bytes), the header (JSON), and
/// the elements, all little-endian (https://github.com/huggingface/safetensors, "Format").
/// </summary>
/// <remarks>
/// The same tensors and metadata give the same bytes. The metadata's <see cref="HashName"/> is the SHA-256 of header
/// and data, taken while the hash's own 64 digits are zeros, so that a flipped bit is found wherever it is. Files from
/// elsewhere have none; who expects one looks for it in the metadata.
/// </remarks>
public static class Safetensors
{
    /// <summary>The metadata's name for the hash of the contents.</summary>
    public const string HashName = "sha256";

    private const int Chunk = 1 << 20;
    private const long LongestHeader = 100_000_000; // the reference implementation's limit

    private static readonly string NoHash = new('0', 64);

    /// <summary>Writes tensors in the order given, and metadata sorted by name; the file is replaced as a
    /// whole.</summary>
    /// <returns>Nothing, or why the file could not be written.</returns>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public static Either<Fault, Unit> Write(
        string path, IReadOnlyList<Leaf> leaves, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var texts = (metadata ?? ImmutableDictionary<string, string>.Empty)
            .ToImmutableDictionary().SetItem(HashName, NoHash);
        var header = SafetensorsHeader.Of(leaves, texts).ToBytes();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (var leaf in leaves)
            Visit(leaf.Value, hash.AppendData);
        Encoding.ASCII.GetBytes(Hex(hash), HashDigits(header, NoHash));
        return AtomicFile.Write(path, stream => Write(stream, header, leaves));
    }

    /// <summary>Reads a file and checks all of it: sizes, places, and the hash where there is one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="engine">The engine to hold the tensors; the managed one where no other is given.</param>
    /// <returns>The contents, or what is wrong with the file.</returns>
    public static Either<Fault, TensorFile> Read(string path, IEngine? engine = null) =>
        Outside.Try<TensorFile>(path, () =>
        {
            if (Directory.Exists(path))
                return Fault.Of("is a folder, not a file");
            if (!Path.Exists(path))
                return Fault.Of("no such file");
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return from bytes in ReadHeader(stream)
                   from header in SafetensorsParser.Parse(bytes, stream.Length - stream.Position)
                   from file in ReadTensors(stream, bytes, header, engine)
                   select file;
        });

    private static void Write(Stream stream, byte[] header, IReadOnlyList<Leaf> leaves)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var leaf in leaves)
            Visit(leaf.Value, stream.Write);
    }

    private static Either<Fault, byte[]> ReadHeader(FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
            return Fault.Of($"truncated: {stream.Length} bytes are too few for a safetensors file");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
            return Fault.Of($"not a safetensors file: a header of {length} bytes makes no sense");
        if ((long)length > stream.Length - prefix.Length)
            return Fault.Of($"truncated: a header of {length} bytes in a file of {stream.Length}");
        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static Either<Fault, TensorFile> ReadTensors(
        Stream stream, byte[] bytes, SafetensorsHeader header, IEngine? engine)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var expected = header.Metadata.GetValueOrDefault(HashName);
        if (expected is not null)
            HashDigits(bytes, expected).Fill((byte)'0');
        hash.AppendData(bytes);
        var leaves = new Dictionary<string, Leaf>();
        foreach (var entry in header.InFileOrder())
            leaves.Add(entry.Name, new(entry.Name, ReadTensor(stream, entry, hash, engine)));
        return expected is null || expected == Hex(hash)
            ? new TensorFile([.. header.Entries.Select(entry => leaves[entry.Name])], header.Metadata)
            : Fault.Of("corrupted: its contents do not fit its hash");
    }

    private static Tensor ReadTensor(
        Stream stream, SafetensorsHeader.Entry entry, IncrementalHash hash, IEngine? engine)
    {
        var words = new int[entry.Shape.Size];
        for (var i = 0; i < words.Length; i += Chunk)
        {
            var bytes = MemoryMarshal.AsBytes(words.AsSpan(i, Math.Min(Chunk, words.Length - i)));
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
        }
        SwapOnBigEndian(words);
        return entry.Type == ElementType.Float32
            ? Tensor.Of(MemoryMarshal.Cast<int, float>(words), entry.Shape, engine)
            : Tensor.Of(words, entry.Shape, engine);
    }

    /// <summary>Shows the elements as bytes, in pieces that fit a span.</summary>
    private static void Visit(Tensor tensor, Action<ReadOnlySpan<byte>> visit)
    {
        var words = tensor.Type == ElementType.Float32
            ? MemoryMarshal.Cast<float, int>(tensor.ToArray().AsSpan())
            : tensor.ToInts();
        SwapOnBigEndian(words);
        for (var i = 0; i < words.Length; i += Chunk)
            visit(MemoryMarshal.AsBytes(words.Slice(i, Math.Min(Chunk, words.Length - i))));
    }

    private static void SwapOnBigEndian(Span<int> words)
    {
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(words, words);
    }

    /// <summary>Where the header says the hash; empty where it does not.</summary>
    private static Span<byte> HashDigits(byte[] header, string hash)
    {
        // Nothing but the name itself can be written so: inside a text the quotes would be escaped.
        var place = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{HashName}\":\"{hash}\""));
        return place < 0 ? [] : header.AsSpan(place + HashName.Length + 4, hash.Length);
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
