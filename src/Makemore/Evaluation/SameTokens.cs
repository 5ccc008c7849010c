namespace Makemore;

/// <summary>Compares words by their tokens.</summary>
internal sealed class SameTokens : IEqualityComparer<IReadOnlyList<int>>
{
    public static SameTokens Comparer { get; } = new();

    /// <summary>Tokens as a span; copied unless they are an array.</summary>
    public static ReadOnlySpan<int> SpanOf(IReadOnlyList<int> tokens) => tokens as int[] ?? [.. tokens];

    public bool Equals(IReadOnlyList<int>? x, IReadOnlyList<int>? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && SpanOf(x).SequenceEqual(SpanOf(y)));

    public int GetHashCode(IReadOnlyList<int> tokens)
    {
        var hash = 0;
        foreach (var token in SpanOf(tokens))
            hash = (hash * 31) + token + 1;
        return hash;
    }
}
