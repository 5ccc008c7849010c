namespace Makemore;

/// <summary>Words by their common beginnings, to find the one nearest to another word without looking at each.</summary>
/// <remarks>Shang, Merrettal: "Tries for approximate string matching", 1996: a row of the distance table is computed once for
/// all words that begin alike, and no beginning is followed that is too far already. Of a row only those places count that are
/// less than the limit off the diagonal: Ukkonen: "Algorithms for approximate string matching", 1985.</remarks>
public sealed class WordTrie
{
    private readonly Node[] _nodes;
    private readonly int _deepest;

    /// <summary>The words; equal ones count once.</summary>
    public WordTrie(IEnumerable<IReadOnlyList<int>> words)
    {
        var nodes = new List<Node> { new(Vocabulary.Stop) };
        foreach (var word in words)
        {
            Add(nodes, word);
            _deepest = Math.Max(_deepest, word.Count);
        }
        _nodes = [.. nodes];
    }

    /// <summary>The edit distance from a word to the nearest one, at most <paramref name="limit"/>, which also stands for
    /// everything beyond it.</summary>
    public int Nearest(ReadOnlySpan<int> word, int limit)
    {
        var width = word.Length + 1;
        // What is more than the limit longer or shorter is too far, whatever it is.
        if (word.Length >= _deepest + limit)
            return limit;
        var rows = new int[(Math.Min(word.Length + limit, _deepest) + 2) * width];
        EditDistance.First(word.Length).CopyTo(rows, 0);
        // Nearer ones are quickly found or ruled out, so the wide search is only for the words that need it.
        for (var within = 1; within < limit; within++)
            if (Search(0, 0, word, rows, within) is var found && found < within)
                return found;
        return Search(0, 0, word, rows, limit);
    }

    /// <summary>The distance to the nearest word below a node, where it is less than the best so far.</summary>
    private int Search(int node, int depth, ReadOnlySpan<int> word, int[] rows, int best)
    {
        var width = word.Length + 1;
        var row = rows.AsSpan(depth * width, width);
        if (_nodes[node].IsWord && Math.Abs(word.Length - depth) < best)
            best = Math.Min(best, row[^1]);
        for (var child = _nodes[node].FirstChild; child > 0; child = _nodes[child].NextSibling)
            if (Next(row, word, _nodes[child].Token, rows.AsSpan((depth + 1) * width, width), depth + 1, best) < best)
                best = Search(child, depth + 1, word, rows, best);
        return best;
    }

    /// <summary>As <see cref="EditDistance.Next"/>, in the places less than the best off the diagonal; beside them the row says
    /// that it is too far.</summary>
    private static int Next(ReadOnlySpan<int> before, ReadOnlySpan<int> word, int token, Span<int> row, int depth, int best)
    {
        var (from, to) = (Math.Max(1, depth - best + 1), Math.Min(word.Length, depth + best - 1));
        if (from > to + 1)
            return best;
        var left = row[from - 1] = from == 1 ? depth : best;
        var least = left;
        for (var i = from; i <= to; i++)
        {
            var replaced = before[i - 1] + (word[i - 1] == token ? 0 : 1);
            left = row[i] = Math.Min(replaced, Math.Min(before[i], left) + 1);
            least = Math.Min(least, left);
        }
        if (to < word.Length)
            row[to + 1] = best;
        return least;
    }

    private static void Add(List<Node> nodes, IReadOnlyList<int> word)
    {
        var node = 0;
        foreach (var token in word)
            node = ChildOf(nodes, node, token);
        nodes[node] = nodes[node] with { IsWord = true };
    }

    private static int ChildOf(List<Node> nodes, int node, int token)
    {
        for (var child = nodes[node].FirstChild; child > 0; child = nodes[child].NextSibling)
            if (nodes[child].Token == token)
                return child;
        nodes.Add(new Node(token, NextSibling: nodes[node].FirstChild));
        nodes[node] = nodes[node] with { FirstChild = nodes.Count - 1 };
        return nodes.Count - 1;
    }

    /// <summary>A beginning of words. Its children are a chain; 0, the root, stands for none.</summary>
    private readonly record struct Node(int Token, int FirstChild = 0, int NextSibling = 0, bool IsWord = false);
}
