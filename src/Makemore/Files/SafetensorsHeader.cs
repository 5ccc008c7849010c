using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Makemore;

/// <summary>The header of a safetensors file: where each tensor lies, and text by name.</summary>
internal sealed record SafetensorsHeader(
    ImmutableArray<SafetensorsHeader.Entry> Entries, ImmutableSortedDictionary<string, string> Metadata)
{
    /// <summary>The name under which the metadata stands among the tensors.</summary>
    public const string MetadataName = "__metadata__";

    /// <summary>One tensor: its bytes are [Begin, End) of the data that follows the header.</summary>
    public sealed record Entry(string Name, ElementType Type, Shape Shape, long Begin, long End);

    /// <summary>The header of tensors that lie one after the other.</summary>
    /// <exception cref="ArgumentException">Two tensors have one name, or one has the metadata's.</exception>
    public static SafetensorsHeader Of(IReadOnlyList<Leaf> leaves, IReadOnlyDictionary<string, string> metadata)
    {
        var names = leaves.Select(leaf => leaf.Name).Append(MetadataName).CountBy(name => name);
        if (names.FirstOrDefault(name => name.Value > 1).Key is { } twice)
            throw new ArgumentException($"Safetensors: the name '{twice}' is taken twice.");
        var entries = ImmutableArray.CreateBuilder<Entry>(leaves.Count);
        var end = 0L;
        foreach (var (name, value, _) in leaves)
            entries.Add(new(name, value.Type, value.Shape, end, end += 4L * value.Shape.Size));
        return new(entries.ToImmutable(), metadata.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>The tensors as they lie in the data, which need not be the header's order.</summary>
    public IEnumerable<Entry> InFileOrder() => Entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End);

    /// <summary>The header as JSON in UTF-8, metadata first, filled up with blanks to a multiple of 8 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new ArrayBufferWriter<byte>();
        // The relaxed encoder leaves letters of all languages readable; the file is no web page.
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
