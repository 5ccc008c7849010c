using System.Text.Json.Nodes;

namespace Makemore.Tests;

/// <summary>Damaged and hostile versions of a file, the same ones in every run.</summary>
internal static class Mutations
{
    private static readonly Func<JsonNode?>[] Values =
    [
        () => null, () => true, () => 0, () => -1, () => 1, () => 64, () => int.MaxValue, () => 1L << 31, () => long.MaxValue,
        () => long.MinValue, () => 1e308, () => -1e308, () => 1e-320, () => 0.5, () => "", () => "\0", () => "NaN", () => "Infinity",
        () => "-Infinity", () => "1", () => "/proc/self/mem", () => "/dev/zero", () => "../../../../etc/passwd", () => "\u001b[2J\n",
        () => new string('x', 10_000), () => new JsonArray(), () => new JsonObject(), () => new JsonArray([null]),
        () => new JsonArray(1, -1), () => new JsonObject { ["a"] = null },
    ];

    /// <summary>Versions with some bytes changed, removed, repeated or added.</summary>
    public static IEnumerable<byte[]> OfBytes(byte[] file, int count) => Enumerable.Range(0, count).Select(i =>
    {
        var random = new System.Random(i);
        var bytes = file.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
            Change(bytes, random);
        return bytes.ToArray();
    });

    /// <summary>Versions of a JSON text with some values replaced, removed or repeated.</summary>
    public static IEnumerable<string> OfJson(string json, int count) => Enumerable.Range(0, count).Select(i =>
    {
        var random = new System.Random(i);
        var root = JsonNode.Parse(json)!;
        for (var changes = random.Next(1, 3); changes > 0; changes--)
            Change(root, random);
        return root.ToJsonString();
    });

    private static void Change(List<byte> bytes, System.Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 1 << random.Next(1, 8)), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)));
                break;
            case 5 when length >= 8:
                long[] extremes = [0, -1, 1, int.MaxValue, long.MaxValue, long.MinValue, bytes.Count];
                bytes.RemoveRange(at, 8);
                bytes.InsertRange(at, BitConverter.GetBytes(extremes[random.Next(extremes.Length)]));
                break;
        }
    }

    private static void Change(JsonNode root, System.Random random)
    {
        var parents = Containers(root).Where(node => Size(node) > 0).ToArray();
        if (parents.Length == 0)
            return;
        var (value, parent) = (Values[random.Next(Values.Length)], parents[random.Next(parents.Length)]);
        var (at, kind) = (random.Next(Size(parent)), random.Next(6));
        switch (parent)
        {
            case JsonArray array when kind == 0:
                array.RemoveAt(at);
                break;
            case JsonArray array when kind == 1:
                array.Add(array[at]?.DeepClone());
                break;
            case JsonArray array:
                array[at] = value();
                break;
            case JsonObject map when kind == 0:
                map.RemoveAt(at);
                break;
            case JsonObject map when kind == 1:
                map[$"{value()}"] = map[at]?.DeepClone();
                break;
            case JsonObject map:
                map[at] = value();
                break;
        }
    }

    private static int Size(JsonNode node) => node is JsonArray array ? array.Count : ((JsonObject)node).Count;

    private static IEnumerable<JsonNode> Containers(JsonNode? node) => node switch
    {
        JsonArray array => array.SelectMany(Containers).Prepend(array),
        JsonObject map => map.SelectMany(pair => Containers(pair.Value)).Prepend(map),
        _ => [],
    };
}
