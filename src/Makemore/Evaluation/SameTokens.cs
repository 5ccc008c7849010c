namespace Makemore;

/// <summary>Words are the same where their tokens are.</summary>
internal sealed class SameTokens : IEqualityComparer<IReadOnlyList<int>>
{
    public static SameTokens Comparer { get; } = new();

    public bool Equals(IReadOnlyList<int>? x, IReadOnlyList<int>? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && x.SequenceEqual(y));

    public int GetHashCode(IReadOnlyList<int> tokens)
    {
        var hash = 0;
        for (var t = 0; t < tokens.Count; t++)
            hash = (hash * 31) + tokens[t] + 1;
        return hash;
    }
}
