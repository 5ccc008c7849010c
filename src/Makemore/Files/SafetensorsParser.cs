using System.Collections.Immutable;
using System.Text.Json;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Makemore;

/// <summary>Parses and validates the header of an untrusted safetensors file.</summary>
internal static class SafetensorsParser
{
    private const long MaxElements = int.MaxValue - 64;

    // About 70,000 tensors. A parsed token takes tens to hundreds of bytes, so they are counted first.
    private const int MaxTokens = 1_000_000;

    /// <summary>The header in some bytes, or what is wrong with it.</summary>
    /// <param name="header">UTF-8 JSON.</param>
    /// <param name="dataLength">The number of bytes that follow the header.</param>
    public static Either<Fault, SafetensorsHeader> Parse(ReadOnlyMemory<byte> header, long dataLength)
    {
        try
        {
            if (HasMoreTokens(header.Span, MaxTokens))
                return Fault.Of($"not a safetensors file: a header of more than {MaxTokens} JSON tokens is implausible");
            using var json = JsonDocument.Parse(header, new() { AllowDuplicateProperties = false });
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Parse(json.RootElement, dataLength)
                : Fault.Of("the header is not a JSON object, so this is not a safetensors file");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: invalid UTF-8 in a string is detected only on access.
            return Fault.Of("the header is not JSON: this is not a safetensors file, or it is corrupted");
        }
    }

    private static bool HasMoreTokens(ReadOnlySpan<byte> json, int count)
    {
        var reader = new Utf8JsonReader(json);
        while (count >= 0 && reader.Read())
            count--;
        return count < 0;
    }

    private static Either<Fault, SafetensorsHeader> Parse(JsonElement json, long dataLength) =>
        from metadata in ParseMetadata(json)
        from entries in ParseEntries(json)
        let header = new SafetensorsHeader([.. entries], metadata)
        from _ in Cover(header, dataLength)
        select header;

    private static Either<Fault, ImmutableSortedDictionary<string, string>> ParseMetadata(JsonElement json)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!json.TryGetProperty(SafetensorsHeader.MetadataName, out var metadata))
            return texts.ToImmutable();
        if (metadata.ValueKind != JsonValueKind.Object)
            return NotStrings;
        foreach (var text in metadata.EnumerateObject())
        {
            if (text.Value.ValueKind != JsonValueKind.String)
                return NotStrings;
            texts.Add(text.Name, text.Value.GetString()!);
        }
        return texts.ToImmutable();
    }

    private static Fault NotStrings => Fault.Of($"'{SafetensorsHeader.MetadataName}' in the header is not a map of strings");

    private static Either<Fault, SafetensorsHeader.Entry[]> ParseEntries(JsonElement json) =>
        json.EnumerateObject()
            .Where(part => part.Name != SafetensorsHeader.MetadataName)
            .Select(part => ParseEntry(part.Name, part.Value))
            .All();

    private static Either<Fault, SafetensorsHeader.Entry> ParseEntry(string name, JsonElement json) =>
        from type in ParseType(name, json)
        from shape in ParseShape(name, json)
        from range in ParseRange(name, json, 4L * shape.Size)
        select new SafetensorsHeader.Entry(name, type, shape, range.Begin, range.End);

    private static Either<Fault, ElementType> ParseType(string name, JsonElement json) =>
        Property(json, "dtype", JsonValueKind.String)?.GetString() switch
        {
            "F32" => ElementType.Float32,
            "I32" => ElementType.Int32,
            null => Unreadable(name, "dtype"),
            var other => Fault.Of($"'{name}' is {other}; only F32 and I32 can be read, so convert it first"),
        };

    private static Either<Fault, Shape> ParseShape(string name, JsonElement json)
    {
        if (Integers(json, "shape") is not { } sizes)
            return Unreadable(name, "shape");
        var count = 1L;
        foreach (var size in sizes)
            if (size is < 0 or > int.MaxValue || (count *= size) > MaxElements)
                return Unreadable(name, "shape");
        return Shape.Create([.. sizes.Select(size => (int)size)]);
    }

    private static Either<Fault, (long Begin, long End)> ParseRange(string name, JsonElement json, long length)
    {
        if (Integers(json, "data_offsets") is not [>= 0 and var begin, var end] || end < begin)
            return Unreadable(name, "data_offsets");
        return end - begin == length
            ? (begin, end)
            : Fault.Of($"'{name}' has {end - begin} bytes of data, but its shape and dtype need {length}");
    }

    private static Fault Unreadable(string name, string property) =>
        Fault.Of($"'{name}' in the header has no valid {property}");

    /// <summary>The format requires every byte of the data to belong to exactly one tensor.</summary>
    private static Either<Fault, Unit> Cover(SafetensorsHeader header, long dataLength)
    {
        var (covered, before) = (0L, "");
        foreach (var entry in header.InFileOrder())
        {
            if (entry.End > dataLength)
                return Fault.Of($"truncated: '{entry.Name}' ends at byte {entry.End}, the data at {dataLength}");
            if (entry.Begin < covered)
                return Fault.Of($"'{before}' and '{entry.Name}' overlap in the data");
            if (entry.Begin > covered)
                return Unused(covered, entry.Begin);
            (covered, before) = (entry.End, entry.Name);
        }
        return covered == dataLength ? unit : Unused(covered, dataLength);
    }

    private static Fault Unused(long begin, long end) => Fault.Of($"bytes {begin} to {end} of the data belong to no tensor");

    private static JsonElement? Property(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind
            ? value
            : null;

    /// <summary>A list of integers; null if it is something else.</summary>
    private static long[]? Integers(JsonElement json, string name)
    {
        if (Property(json, name, JsonValueKind.Array) is not { } array)
            return null;
        var integers = new List<long>();
        foreach (var item in array.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out var integer))
                return null;
            integers.Add(integer);
        }
        return [.. integers];
    }
}
