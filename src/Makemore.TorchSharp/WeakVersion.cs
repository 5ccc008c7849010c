using System.Buffers.Binary;
using System.Text;

namespace Makemore;

/// <summary>Libraries for Linux that need a newer version of another one than they use anything of.</summary>
/// <remarks>A library lists the versions of others that it needs (.gnu.version_r, Linux Standard Base Core 5.0, section 10.7.4).
/// The loader refuses one with a version that is missing, except where the entry is marked as weak.</remarks>
internal static class WeakVersion
{
    private const int SectionHeaderSize = 64;
    private const uint VersionNeeds = 0x6ffffffe;
    private const byte Weak = 2;

    /// <summary>Marks the need for a version as weak.</summary>
    /// <param name="library">A library in ELF's format, which this changes.</param>
    /// <param name="version">The name of the version.</param>
    public static void Mark(Span<byte> library, string version)
    {
        var name = Encoding.ASCII.GetBytes($"{version}\0");
        foreach (var entry in Entries(library))
            if (library[entry.Name..].StartsWith(name))
                library[entry.Flags] |= Weak;
    }

    /// <summary>Where the versions that a library needs have their flags and their names.</summary>
    private static List<(int Flags, int Name)> Entries(ReadOnlySpan<byte> library)
    {
        var entries = new List<(int Flags, int Name)>();
        if (!library.StartsWith("\u007fELF\u0002\u0001"u8))
            return entries;
        var sections = Long(library, 0x28);
        for (var section = 0; section < Short(library, 0x3c); section++)
        {
            var header = sections + (section * SectionHeaderSize);
            if ((uint)Int(library, header + 4) != VersionNeeds)
                continue;
            var names = Long(library, sections + (Int(library, header + 40) * SectionHeaderSize) + 24);
            var file = Long(library, header + 24);
            for (var i = 0; i < Int(library, header + 44); i++, file += Int(library, file + 12))
            {
                var need = file + Int(library, file + 8);
                for (var j = 0; j < Short(library, file + 2); j++, need += Int(library, need + 12))
                    entries.Add((need + 4, names + Int(library, need + 8)));
            }
        }
        return entries;
    }

    private static int Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    private static int Long(ReadOnlySpan<byte> bytes, int at) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]));
}
