using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Makemore;

/// <summary>The header of a safetensors file: the offsets of the tensors, and metadata.</summary>
internal sealed record SafetensorsHeader(
    ImmutableArray<SafetensorsHeader.Entry> Entries, ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>The name of the metadata among the tensors.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>One tensor: its bytes are [Begin, End) of the data that follows the header.</summary>
    public sealed record Entry(string Name, ElementType Type, Shape Shape, long Begin, long End);

    /// <summary>The header of contiguous tensors.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name, or one has the name of the metadata.</exception>
    public static SafetensorsHeader Of(IReadOnlyList<Leaf> leaves, IReadOnlyDictionary<string, string> metadata)
    {
        var names = leaves.Select(leaf => leaf.Name).Append(MetadataName).CountBy(name => name);
        if (names.FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new ArgumentException($"Safetensors: two tensors are named '{twice}'.");
        var entries = ImmutableArray.CreateBuilder<Entry>(leaves.Count);
        var end = 0L;
        foreach (var (name, value, _) in leaves)
            entries.Add(new(name, value.Type, value.Shape, end, end += 4L * value.Shape.Size));
        return new(entries.ToImmutable(), metadata.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>The tensors in the order of the data, which may differ from that of the header.</summary>
    public IEnumerable<Entry> InFileOrder() => Entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End);

    /// <summary>The header as UTF-8 JSON, metadata first, padded with spaces to a multiple of 8 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        // The relaxed encoder keeps letters of all languages readable; the file is not HTML.
        using (var json = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            Write(json);
        bytes.Write("       "u8[..(-bytes.WrittenCount & 7)]);
        return bytes.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject(MetadataName);
        foreach (var (name, text) in Metadata)
            json.WriteString(name, text);
        json.WriteEndObject();
        foreach (var entry in Entries)
            Write(json, entry);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject(entry.Name);
        json.WriteString("dtype", entry.Type == ElementType.Float32 ? "F32" : "I32");
        json.WriteStartArray("shape");
        foreach (var size in entry.Shape.Sizes)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(entry.Begin);
        json.WriteNumberValue(entry.End);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
