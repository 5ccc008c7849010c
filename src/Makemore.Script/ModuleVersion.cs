namespace Makemore.Script;

/// <summary>
/// The module version identifier of a library, which every compilation of other content changes (ECMA-335 II.22.30).
/// The framework's own reader finds it too, but loading that takes longer than all else a compiled script waits for.
/// </summary>
internal static class ModuleVersion
{
    private const ulong GuidStream = 0x0000_0044_4955_4723; // "#GUID", padded to eight bytes

    /// <summary>The identifier of the library at a path.</summary>
    /// <param name="path">The path of an assembly.</param>
    /// <exception cref="IOException">The file cannot be read, or ends early: it is no assembly.</exception>
    public static Guid At(string path)
    {
        using var image = new BinaryReader(File.OpenRead(path));
        var metadata = Metadata(image);
        var streams = metadata + 16 + UInt32(image, metadata + 12);
        return new(Bytes(image, metadata + GuidHeap(image, streams + 4), 16));
    }

    // Where the metadata begins (II.25.2 and II.25.3.3): directory 14 leads to the CLI header, which leads to it.
    private static long Metadata(BinaryReader image)
    {
        var header = UInt32(image, 0x3c) + 4;
        var optional = header + 20;
        var directories = optional + (UInt16(image, optional) == 0x20b ? 112 : 96);
        var (sections, count) = (optional + UInt16(image, header + 16), UInt16(image, header + 2));
        var cli = FileOffset(image, sections, count, UInt32(image, directories + 14 * 8));
        return FileOffset(image, sections, count, UInt32(image, cli + 8));
    }

    // Where in the file an address of the loaded image lies (II.25.3): a section has 40 bytes of header.
    private static long FileOffset(BinaryReader image, long sections, int count, uint address)
    {
        for (var section = sections; section < sections + 40 * count; section += 40)
        {
            var (size, start, place) =
                (UInt32(image, section + 8), UInt32(image, section + 12), UInt32(image, section + 20));
            if (address >= start && address < start + size)
                return place + (address - start);
        }
        throw new EndOfStreamException("This is no assembly.");
    }

    // Where the identifiers lie in the metadata (II.24.2.2): each stream has its offset, its size and its name, padded.
    private static uint GuidHeap(BinaryReader image, long stream)
    {
        while (BitConverter.ToUInt64(Bytes(image, stream + 8, 8)) != GuidStream)
        {
            image.BaseStream.Position = stream + 8;
            while (Array.IndexOf(image.ReadBytes(4), (byte)0) < 0) { }
            stream = image.BaseStream.Position;
        }
        return UInt32(image, stream);
    }

    private static ushort UInt16(BinaryReader image, long offset) => BitConverter.ToUInt16(Bytes(image, offset, 2));

    private static uint UInt32(BinaryReader image, long offset) => BitConverter.ToUInt32(Bytes(image, offset, 4));

    private static byte[] Bytes(BinaryReader image, long offset, int count)
    {
        var bytes = new byte[count];
        image.BaseStream.Position = offset;
        image.BaseStream.ReadExactly(bytes);
        return bytes;
    }
}
