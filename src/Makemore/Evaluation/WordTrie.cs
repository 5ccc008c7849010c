using System.Numerics;

namespace Makemore;

/// <summary>A trie of words, to find the nearest one to another word by edit distance.</summary>
/// <remarks>
/// The edit distance is the smallest number of insertions, deletions and replacements of tokens that turn one word into the other
/// (Levenshtein: "Binary codes capable of correcting deletions, insertions, and reversals", 1966). A node has, for each number of
/// edits, the set of prefixes of the word that can be turned into its own with that many, as bits (Wu, Manber: "Fast text
/// searching allowing errors", 1992): only of prefixes that are about as long as its own, because a difference in length needs as
/// many edits (Ukkonen: "Algorithms for approximate string matching", 1985). All words below a node share its sets, and a subtree
/// whose sets are empty is skipped (Shang, Merrettal: "Tries for approximate string matching", 1996).
/// </remarks>
public sealed class WordTrie
{
    // In preorder, so that a subtree is a range of nodes. The root is the empty prefix.
    private readonly Node[] _nodes;

    /// <summary>A trie of words.</summary>
    public WordTrie(IEnumerable<IReadOnlyList<int>> words)
    {
        int[][] sorted = [.. words.Select(word => word.ToArray())];
        Array.Sort(sorted, (a, b) => a.AsSpan().SequenceCompareTo(b));
        var (nodes, path, previous) = (new List<Node> { default }, new Stack<int>([0]), Array.Empty<int>());
        foreach (var word in sorted)
        {
            Close(word.AsSpan().CommonPrefixLength(previous));
            for (var depth = path.Count; depth <= word.Length; depth++)
            {
                path.Push(nodes.Count);
                nodes.Add(new(word[depth - 1], depth));
            }
            nodes[path.Peek()] = nodes[path.Peek()] with { IsWord = true };
            previous = word;
        }
        Close(-1);
        _nodes = [.. nodes];

        // The subtrees of the nodes below a depth are complete.
        void Close(int depth)
        {
            while (path.Count > depth + 1)
            {
                var node = path.Pop();
                nodes[node] = nodes[node] with { End = nodes.Count };
            }
        }
    }

    /// <summary>The maximum limit of <see cref="Nearest"/>.</summary>
    public const int MaxLimit = 32;

    /// <summary>The edit distance from a word to the nearest one in the trie, or <paramref name="limit"/> if that is
    /// smaller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or over <see cref="MaxLimit"/>.</exception>
    public int Nearest(ReadOnlySpan<int> word, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxLimit);
        var edits = 0;
        while (edits < limit && !HasWithin(word, edits))
            edits++;
        return edits;
    }

    /// <summary>Whether a word of the trie is within a number of edits.</summary>
    private bool HasWithin(ReadOnlySpan<int> word, int edits)
    {
        // A row of sets for each depth, up to the deepest that is visited. Bit j of a set at a depth is the prefix of the word
        // that is j - edits tokens longer than the depth.
        var width = edits + 1;
        var sets = new ulong[(word.Length + edits + 2) * width];
        for (var e = 0; e < width; e++)
            sets[e] = ((2UL << e) - 1 << edits) & Prefixes(word.Length, 0, edits);
        if (_nodes[0].IsWord && word.Length <= edits)
            return true;
        for (var node = 1; node < _nodes.Length;)
        {
            ref readonly var prefix = ref _nodes[node];
            var row = sets.AsSpan(prefix.Depth * width, width);
            Extend(sets.AsSpan((prefix.Depth - 1) * width, width), row, word, prefix, edits);
            if (prefix.IsWord && Math.Abs(word.Length - prefix.Depth) <= edits
                && (row[edits] >> word.Length - prefix.Depth + edits & 1) != 0)
                return true;
            node = row[edits] != 0 ? node + 1 : prefix.End;
        }
        return false;
    }

    /// <summary>Writes the sets of a prefix from those of its parent.</summary>
    private static void Extend(
        ReadOnlySpan<ulong> parent, Span<ulong> row, ReadOnlySpan<int> word, in Node prefix, int edits)
    {
        // The prefixes of the word that its next token extends by the token.
        var matches = 0UL;
        for (var rest = parent[edits]; rest != 0; rest &= rest - 1)
            if (prefix.Depth - 1 - edits + BitOperations.TrailingZeroCount(rest) is var i && i < word.Length && word[i] == prefix.Token)
                matches |= rest & (0 - rest);
        var all = Prefixes(word.Length, prefix.Depth, edits);
        row[0] = parent[0] & matches & all;
        for (var e = 1; e < row.Length; e++)
        {
            var (replaced, inserted, deleted) = (parent[e - 1], parent[e - 1] >> 1, row[e - 1] << 1);
            row[e] = ((parent[e] & matches) | replaced | inserted | deleted) & all;
        }
    }

    /// <summary>The set of all prefixes of a word that are within a number of tokens of a depth.</summary>
    private static ulong Prefixes(int length, int depth, int edits) =>
        Math.Min(length - depth + edits, 2 * edits) is >= 0 and var last ? (2UL << last) - 1 : 0;

    /// <summary>A prefix of the words.</summary>
    /// <param name="Token">Its last token.</param>
    /// <param name="Depth">Its length.</param>
    /// <param name="End">The first node after its subtree.</param>
    /// <param name="IsWord">Whether it is a word itself.</param>
    private readonly record struct Node(int Token, int Depth, int End = 0, bool IsWord = false);
}
