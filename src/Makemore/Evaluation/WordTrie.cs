namespace Makemore;

/// <summary>Words by their common beginnings, to find the one nearest to another word without looking at each.</summary>
/// <remarks>Shang, Merrettal: "Tries for approximate string matching", 1996: a row of the distance table is computed once for
/// all words that begin alike, and no beginning is followed that is too far already.</remarks>
public sealed class WordTrie
{
    private readonly List<Node> _nodes = [new Node(Vocabulary.Stop)];

    /// <summary>The words; equal ones count once.</summary>
    public WordTrie(IEnumerable<IReadOnlyList<int>> words)
    {
        foreach (var word in words)
            Add(word);
    }

    /// <summary>The edit distance from a word to the nearest one, at most <paramref name="limit"/>, which also stands for
    /// everything beyond it.</summary>
    public int Nearest(ReadOnlySpan<int> word, int limit)
    {
        var width = word.Length + 1;
        // A word that is more than the limit longer is too far, so deeper rows are never asked for.
        var rows = new int[(word.Length + limit + 2) * width];
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
        if (_nodes[node].IsWord)
            best = Math.Min(best, row[^1]);
        for (var child = _nodes[node].FirstChild; child > 0; child = _nodes[child].NextSibling)
            if (EditDistance.Next(row, word, _nodes[child].Token, rows.AsSpan((depth + 1) * width, width)) < best)
                best = Search(child, depth + 1, word, rows, best);
        return best;
    }

    private void Add(IReadOnlyList<int> word)
    {
        var node = 0;
        foreach (var token in word)
            node = ChildOf(node, token);
        _nodes[node] = _nodes[node] with { IsWord = true };
    }

    private int ChildOf(int node, int token)
    {
        for (var child = _nodes[node].FirstChild; child > 0; child = _nodes[child].NextSibling)
            if (_nodes[child].Token == token)
                return child;
        _nodes.Add(new Node(token, NextSibling: _nodes[node].FirstChild));
        _nodes[node] = _nodes[node] with { FirstChild = _nodes.Count - 1 };
        return _nodes.Count - 1;
    }

    /// <summary>A beginning of words. Its children are a chain; 0, the root, stands for none.</summary>
    private readonly record struct Node(int Token, int FirstChild = 0, int NextSibling = 0, bool IsWord = false);
}
