using static Makemore.Html;

namespace Makemore;

public static partial class Sections
{
    private const int MaxMaps = 64;

    /// <summary>What each attention head looks at in a word, layer by layer.</summary>
    /// <param name="letters">The tokens of the word as labels, the start first.</param>
    /// <param name="maps">The weights of the heads (<see cref="AttentionMaps"/>).</param>
    public static Section Attention(IReadOnlyList<string> letters, IReadOnlyList<AttentionMap> maps) => new(
        "Attention",
        $"What each head looks at while it reads {Isolate(string.Concat(letters))}: a row is a position in the "
        + "word, and the stronger the color, the more it attends to the character in that column. The weights of a row "
        + "add up to 1, and later positions are masked."
        + (maps.Count > MaxMaps ? $" The first {MaxMaps} of {maps.Count} heads are shown." : ""),
        [.. maps.Take(MaxMaps).Select(map => Picture(letters, map))]);

    private static HeatmapChart Picture(IReadOnlyList<string> letters, AttentionMap map) => new(
        $"Layer {map.Layer + 1}, head {map.Head + 1}", "at", "looks at", "weight", [.. letters], [.. letters],
        [.. map.Weights.Select((weight, i) => i % map.Length > i / map.Length ? double.NaN : weight)])
    {
        IsOneOfMany = true,
    };
}
