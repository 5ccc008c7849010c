namespace Makemore;

/// <summary>A trie of words, to find the nearest one to another word by edit distance.</summary>
/// <remarks>
/// The edit distance is the smallest number of insertions, deletions and replacements of tokens that turn one word into the other
/// (Levenshtein: "Binary codes capable of correcting deletions, insertions, and reversals", 1966). A node has the row of
/// distances from its prefix to each prefix of the word, by the recurrence of Wagner, Fischer: "The string-to-string correction
/// problem", 1974, in a band around its diagonal (Ukkonen: "Algorithms for approximate string matching", 1985). All words with
/// the prefix share the row, and a subtree whose words are too far away is skipped (Shang, Merrettal: "Tries for approximate
/// string matching", 1996).
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

    /// <summary>The edit distance from a word to the nearest one in the trie, or <paramref name="limit"/> if that is
    /// smaller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public int Nearest(ReadOnlySpan<int> word, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        // Most words have a near one, which a narrow search finds in less time.
        for (var bound = 1; bound < limit; bound++)
            if (Search(word, bound) is var distance && distance < bound)
                return distance;
        return Search(word, limit);
    }

    /// <summary>The distance to the nearest word, or the bound if no word is nearer.</summary>
    private int Search(ReadOnlySpan<int> word, int bound)
    {
        // A row for each depth up to the deepest that is visited.
        var width = word.Length + 1;
        var rows = new int[(word.Length + bound + 1) * width];
        for (var i = 0; i < width; i++)
            rows[i] = i;
        var nearest = _nodes[0].IsWord ? Math.Min(bound, word.Length) : bound;
        for (var node = 1; node < _nodes.Length && nearest > 0;)
        {
            ref readonly var prefix = ref _nodes[node];
            var row = rows.AsSpan(prefix.Depth * width, width);
            var minimum = NextRow(rows.AsSpan((prefix.Depth - 1) * width, width), row, word, prefix, bound);
            if (prefix.IsWord)
                nearest = Math.Min(nearest, row[^1]);
            node = minimum < nearest ? node + 1 : prefix.End;
        }
        return nearest;
    }

    /// <summary>Writes the row of a prefix from that of its parent; only the band around the diagonal where distances can be
    /// below the bound, with the bound itself on either side.</summary>
    /// <returns>The row's minimum: no word with the prefix is nearer.</returns>
    private static int NextRow(ReadOnlySpan<int> parent, Span<int> row, ReadOnlySpan<int> word, in Node prefix, int bound)
    {
        var (first, last) = (Math.Max(1, prefix.Depth - bound + 1), Math.Min(word.Length, prefix.Depth + bound - 1));
        var minimum = row[first - 1] = first == 1 ? prefix.Depth : bound;
        for (var i = first; i <= last; i++)
        {
            var replaced = parent[i - 1] + (word[i - 1] == prefix.Token ? 0 : 1);
            row[i] = Math.Min(replaced, Math.Min(parent[i], row[i - 1]) + 1);
            minimum = Math.Min(minimum, row[i]);
        }
        row[(last + 1)..].Fill(bound);
        return minimum;
    }

    /// <summary>A prefix of the words.</summary>
    /// <param name="Token">Its last token.</param>
    /// <param name="Depth">Its length.</param>
    /// <param name="End">The first node after its subtree.</param>
    /// <param name="IsWord">Whether it is a word itself.</param>
    private readonly record struct Node(int Token, int Depth, int End = 0, bool IsWord = false);
}
