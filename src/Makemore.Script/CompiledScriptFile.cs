namespace Makemore.Script;

/// <summary>
/// A compiled script as bytes: its maker, then sources, references, image and symbols, each with its length before it.
/// </summary>
internal static class CompiledScriptFile
{
    /// <summary>The bytes of a script.</summary>
    /// <param name="script">The script to write.</param>
    /// <param name="maker">Who compiled it.</param>
    public static byte[] Encode(CompiledScript script, byte[] maker)
    {
        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        writer.Write(maker);
        WriteAll(writer, script.Sources, Write);
        WriteAll(writer, script.References, Write);
        Write(writer, script.Assembly);
        Write(writer, script.Symbols);
        return body.ToArray();
    }

    /// <summary>The script in these bytes; none if they are of another maker.</summary>
    /// <param name="bytes">What <see cref="Encode"/> made.</param>
    /// <param name="maker">Who must have compiled it.</param>
    public static CompiledScript? Decode(byte[] bytes, byte[] maker)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        return reader.ReadBytes(maker.Length).AsSpan().SequenceEqual(maker)
            ? new(ReadAll(reader, ReadSource), ReadAll(reader, ReadReference), ReadBytes(reader), ReadBytes(reader))
            : null;
    }

    private static void Write(BinaryWriter writer, Source source)
    {
        writer.Write(source.Path);
        Write(writer, source.Text);
    }

    private static void Write(BinaryWriter writer, Reference reference)
    {
        writer.Write(reference.Path);
        writer.Write(reference.Name);
        writer.Write(reference.Version.ToByteArray());
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteAll<T>(BinaryWriter writer, T[] items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Length);
        foreach (var item in items)
            write(writer, item);
    }

    private static Source ReadSource(BinaryReader reader) => new(reader.ReadString(), ReadBytes(reader));

    private static Reference ReadReference(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadString(), new Guid(reader.ReadBytes(16)));

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static T[] ReadAll<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (var i = 0; i < items.Length; i++)
            items[i] = read(reader);
        return items;
    }
}
