using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LanguageExt;

namespace Makemore;

/// <summary>
/// Named tensors in the safetensors format: the length of the header (8 bytes), the header (JSON) and the elements, all
/// little-endian (https://github.com/huggingface/safetensors, "Format").
/// </summary>
/// <remarks>
/// The same tensors and metadata give the same bytes. The metadata entry <see cref="HashName"/> is the SHA-256 of header and
/// data, computed with its own 64 digits set to zeros, so that any flipped bit is detected. Other files have no such entry; a
/// reader that requires it must check for it.
/// </remarks>
public static class Safetensors
{
    /// <summary>The metadata entry with the hash of the contents.</summary>
    public const string HashName = "sha256";

    private const int Chunk = 1 << 20;
    private const long MaxHeaderLength = 100_000_000; // the reference implementation's limit

    private static readonly string NoHash = new('0', 64);

    /// <summary>Writes tensors in the given order, and metadata sorted by name; replaces the file as a whole.</summary>
    /// <returns>Nothing, or why the file could not be written.</returns>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static Either<Fault, Unit> Write(
        string path, IReadOnlyList<Leaf> leaves, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var (header, hash) = Hashed(leaves, metadata);
        Encoding.ASCII.GetBytes(hash, HashDigits(header, NoHash));
        return AtomicFile.Write(path, stream => Write(stream, header, leaves));
    }

    /// <summary>The hash of a file of these tensors and metadata.</summary>
    internal static string HashOf(IReadOnlyList<Leaf> leaves, IReadOnlyDictionary<string, string> metadata) =>
        Hashed(leaves, metadata).Hash;

    /// <summary>Reads a file and validates sizes, offsets, and the hash if there is one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="engine">The engine of the tensors; by default the managed engine.</param>
    /// <returns>The contents, or what is wrong with the file.</returns>
    public static Either<Fault, TensorFile> Read(string path, IEngine? engine = null) =>
        Read(path, engine, _ => Prelude.Right<Fault, Func<string, bool>>(_ => true));

    /// <summary>Reads some of the tensors of a file. The others are in the hash, but never in memory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="engine">The engine of the tensors; by default the managed engine.</param>
    /// <param name="choose">Takes the header, before any data is read, and says which tensors to read, by name, or what is wrong.</param>
    internal static Either<Fault, TensorFile> Read(
        string path, IEngine? engine, Func<SafetensorsHeader, Either<Fault, Func<string, bool>>> choose) =>
        InputFile.Read(path, stream =>
            from header in ReadHeader(stream)
            from isChosen in choose(header.Parsed)
            from file in ReadTensors(stream, header.Bytes, header.Parsed, isChosen, engine)
            select file);

    /// <summary>Reads the metadata alone. The hash remains unchecked.</summary>
    public static Either<Fault, IReadOnlyDictionary<string, string>> ReadMetadata(string path) =>
        InputFile.Read(path, stream => ReadHeader(stream).Map(header => (IReadOnlyDictionary<string, string>)header.Parsed.Metadata));

    /// <summary>The header with zeros for the hash, and the hash.</summary>
    private static (byte[] Header, string Hash) Hashed(IReadOnlyList<Leaf> leaves, IReadOnlyDictionary<string, string>? metadata)
    {
        var texts = (metadata ?? ImmutableDictionary<string, string>.Empty)
            .ToImmutableDictionary().SetItem(HashName, NoHash);
        var header = SafetensorsHeader.Of(leaves, texts).ToBytes();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (var leaf in leaves)
            Visit(leaf.Value, hash.AppendData);
        return (header, Hex(hash));
    }

    private static void Write(Stream stream, byte[] header, IReadOnlyList<Leaf> leaves)
    {
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (var leaf in leaves)
            Visit(leaf.Value, stream.Write);
    }

    private static Either<Fault, (byte[] Bytes, SafetensorsHeader Parsed)> ReadHeader(FileStream stream) =>
        from bytes in ReadHeaderBytes(stream)
        from parsed in SafetensorsParser.Parse(bytes, stream.Length - stream.Position)
        select (bytes, parsed);

    private static Either<Fault, byte[]> ReadHeaderBytes(FileStream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (stream.Length < prefix.Length)
            return Fault.Of($"truncated: {stream.Length} bytes are not enough for a safetensors file");
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderLength)
            return Fault.Of($"not a safetensors file: a header of {length} bytes is implausible");
        if ((long)length > stream.Length - prefix.Length)
            return Fault.Of($"truncated: a header of {length} bytes in a file of {stream.Length}");
        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static Either<Fault, TensorFile> ReadTensors(
        Stream stream, byte[] bytes, SafetensorsHeader header, Func<string, bool> isChosen, IEngine? engine)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var expected = header.Metadata.GetValueOrDefault(HashName);
        if (expected is not null)
            HashDigits(bytes, expected).Fill((byte)'0');
        hash.AppendData(bytes);
        var leaves = new Dictionary<string, Leaf>();
        foreach (var entry in header.InFileOrder())
            if (isChosen(entry.Name))
                leaves.Add(entry.Name, new(entry.Name, ReadTensor(stream, entry, hash, engine)));
            else
                Skip(stream, entry.End - entry.Begin, hash);
        return expected is null || expected == Hex(hash)
            ? new TensorFile(
                [.. header.Entries.Where(entry => leaves.ContainsKey(entry.Name)).Select(entry => leaves[entry.Name])], header.Metadata)
            : Fault.Of("corrupted: the contents do not match the hash");
    }

    private static void Skip(Stream stream, long length, IncrementalHash hash)
    {
        var buffer = new byte[Math.Min(length, Chunk)];
        for (; length > 0; length -= buffer.Length)
        {
            var bytes = buffer.AsSpan(0, (int)Math.Min(length, buffer.Length));
            stream.ReadExactly(bytes);
            hash.AppendData(bytes);
        }
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

    /// <summary>Passes the elements as bytes to a callback, in chunks.</summary>
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

    /// <summary>The digits of the hash in the header; empty if there are none.</summary>
    private static Span<byte> HashDigits(byte[] header, string hash)
    {
        // Only the entry itself can match: in other texts quotes are escaped.
        var offset = header.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{HashName}\":\"{hash}\""));
        return offset < 0 ? [] : header.AsSpan(offset + HashName.Length + 4, hash.Length);
    }

    private static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());
}
