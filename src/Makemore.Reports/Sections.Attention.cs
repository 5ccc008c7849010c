using static Makemore.Html;

namespace Makemore;

public static partial class Sections
{
    private const int MaxMaps = 64;

    /// <summary>What each head of attention looks at in a word, layer by layer.</summary>
    /// <param name="letters">The tokens of the word as a person reads them, the start first.</param>
    /// <param name="maps">The heads' weights (<see cref="AttentionMaps"/>).</param>
    public static Section Attention(IReadOnlyList<string> letters, IReadOnlyList<AttentionMap> maps) => new(
        "Attention",
        $"What each head looks at while it reads {Isolate(string.Concat(letters))}: a row is a place in the "
        + "word, and the stronger the color, the more it takes of the character in that column; a row adds up to 1. "
        + "What lies ahead is never seen."
        + (maps.Count > MaxMaps ? $" The first {MaxMaps} of {maps.Count} heads." : ""),
        [.. maps.Take(MaxMaps).Select(map => Picture(letters, map))]);

    private static HeatmapChart Picture(IReadOnlyList<string> letters, AttentionMap map) => new(
        $"Layer {map.Layer + 1}, head {map.Head + 1}", "at", "looks at", "weight", [.. letters], [.. letters],
        [.. map.Weights.Select((weight, i) => i % map.Length > i / map.Length ? double.NaN : weight)])
    {
        IsOneOfMany = true,
    };
}
