namespace Makemore;

/// <summary>Words are the same where their tokens are.</summary>
internal sealed class SameTokens : IEqualityComparer<IReadOnlyList<int>>
{
    public static SameTokens Comparer { get; } = new();

    public bool Equals(IReadOnlyList<int>? x, IReadOnlyList<int>? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && Sample.SpanOf(x).SequenceEqual(Sample.SpanOf(y)));

    public int GetHashCode(IReadOnlyList<int> tokens)
    {
        var hash = 0;
        foreach (var token in Sample.SpanOf(tokens))
            hash = (hash * 31) + token + 1;
        return hash;
    }
}
