using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Makemore;

/// <summary>Words by their common beginnings and by their common ends, to find the one nearest to another word without
/// looking at each.</summary>
/// <remarks>
/// Shang, Merrettal: "Tries for approximate string matching", 1996: what is known of a beginning serves all words that begin
/// so, and none is followed that is too far already. Known are, for each number of edits, the places that can be reached
/// with them, a bit each: Wu, Manber: "Fast text searching allowing errors", 1992, section 2. Only those at most as far off the
/// diagonal count as there may be edits (Ukkonen: "Algorithms for approximate string matching", 1985), so all of them are
/// bits of one number: Baeza-Yates, Navarro: "Faster approximate string matching", 1999. Of a few edits less than half are in
/// the first half of the word, or not more than half in its last: Navarro, Baeza-Yates: "A hybrid indexing method for
/// approximate string matching", 2000, section 4.
/// </remarks>
public sealed class WordTrie
{
    /// <summary>The greatest distance that is looked for: the most whose places fit into 64 bits.</summary>
    public const int MaxEdits = 4;

    private const int NoToken = -1;

    // The tokens of a word, and the nodes that wait, for which there is room on the stack.
    private const int TokensOnStack = 256, VisitsOnStack = 64;
    private readonly Beginnings _forward;
    private readonly Beginnings _backward;
    private readonly int _longest;

    /// <summary>The words, of tokens from 0 on; equal ones count once.</summary>
    public WordTrie(IEnumerable<IReadOnlyList<int>> words)
    {
        int[][] all = [.. words.Select(word => word.ToArray())];
        foreach (var word in all)
            _longest = Math.Max(_longest, word.Length);
        _forward = new(all);
        foreach (var word in all)
            Array.Reverse(word);
        _backward = new(all);
    }

    /// <summary>The edit distance from a word to the nearest one, at most <paramref name="limit"/>, which also stands for
    /// everything beyond it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not in 0 … <see cref="MaxEdits"/> + 1.</exception>
    public int Nearest(ReadOnlySpan<int> word, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxEdits + 1);
        // With nothing around the word, so that the tokens at all places can be looked at, several at once: the trie may be
        // deeper by the edits than the word is long, and sees from there as many places again to either side.
        var length = word.Length + (4 * MaxEdits) + Vector256<int>.Count;
        var (isLong, half) = (length > TokensOnStack, word.Length / 2);
        var forward = isLong ? new int[length] : stackalloc int[length];
        var backward = isLong ? new int[length] : stackalloc int[length];
        forward.Fill(NoToken);
        backward.Fill(NoToken);
        word.CopyTo(forward[MaxEdits..]);
        word.CopyTo(backward[MaxEdits..]);
        backward.Slice(MaxEdits, word.Length).Reverse();
        Span<Visit> visits = stackalloc Visit[VisitsOnStack];
        // Nearer ones are quickly found or ruled out, so the wide search is only for the words that need it.
        for (var edits = 0; edits < limit; edits++)
        {
            // What is more than that longer is too far, whatever it is.
            if (word.Length > _longest + edits)
                continue;
            // Of no edits none is early: the division is towards 0.
            var early = (edits - 1) / 2;
            if (HasWithin(_forward, forward, word.Length, half, new(edits, early), ref visits)
                || (edits > 0 && HasWithin(
                    _backward, backward, word.Length, word.Length - half, new(edits, edits - early - 1), ref visits)))
                return edits;
        }
        return limit;
    }

    /// <summary>Whether a word is at most so many edits away; one with more than so many early ones, in the first part, may be
    /// left out.</summary>
    /// <param name="trie">The words.</param>
    /// <param name="padded">The word, with nothing around it.</param>
    /// <param name="length">Its length.</param>
    /// <param name="part">The length of its first part.</param>
    /// <param name="fields">The edits.</param>
    /// <param name="visits">Room for the nodes that are still to be looked at; more is made where it is too small.</param>
    private static bool HasWithin(
        Beginnings trie, ReadOnlySpan<int> padded, int length, int part, Fields fields, ref Span<Visit> visits)
    {
        var edits = fields.Edits;
        padded = padded[(MaxEdits - edits)..];
        (visits[0], var count) = (new(Node: 0, Depth: 0, fields.Start), 1);
        while (count > 0)
        {
            var (node, depth, reached) = visits[--count];
            // How far the word's end is from the first place.
            var rest = length - depth + edits;
            if (rest <= 2 * edits && ((fields.Any(reached) >> rest) & 1) != 0 && trie.IsWord(node))
                return true;
            if (rest == 0)
                continue;
            var (first, end) = trie.Children(node);
            if (visits.Length < count + end - first)
                visits = Larger(visits, count + end - first);
            var tokens = padded[depth..];
            var (inside, allowed) = (Bits(rest), fields.Allowed(Math.Max(0, part - depth - 1 + edits)));
            var edited = fields.Edited(reached, allowed);
            if ((fields.Any(edited) & inside) != 0)
            {
                for (var child = first; child < end; child++)
                {
                    var equal = Places(tokens, trie.Token(child), edits);
                    visits[count++] = new(child, depth + 1, edited | fields.Same(reached, equal, allowed));
                }
                continue;
            }
            // Without an edit only the word's own tokens lead on.
            for (var places = fields.Any(reached) & inside; places != 0;)
            {
                var token = tokens[BitOperations.TrailingZeroCount(places)];
                var equal = Places(tokens, token, edits);
                places &= ~equal;
                if (trie.Find(token, first, end) is >= 0 and var child)
                    visits[count++] = new(child, depth + 1, fields.Same(reached, equal, allowed));
            }
        }
        return false;
    }

    private static Span<Visit> Larger(ReadOnlySpan<Visit> visits, int least)
    {
        var larger = new Visit[Math.Max(least, 2 * visits.Length)];
        visits.CopyTo(larger);
        return larger;
    }

    /// <summary>The first places, a bit each, at which a token stands: of all that may be reached, and up to seven more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Places(ReadOnlySpan<int> tokens, int token, int edits)
    {
        var (wanted, found) = (Vector256.Create(token), 0UL);
        for (var place = 0; place <= 2 * edits; place += Vector256<int>.Count)
            found |= (ulong)Vector256.Equals(Vector256.Create(tokens[place..]), wanted).ExtractMostSignificantBits() << place;
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(int count) => count > 63 ? ulong.MaxValue : (1UL << count) - 1;

    /// <summary>A node that is still to be looked at.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Depth">How many tokens lead to it.</param>
    /// <param name="Reached">The places that it reaches.</param>
    private readonly record struct Visit(int Node, int Depth, ulong Reached);

    /// <summary>
    /// The places that are reached, a field of bits for each number of edits, fewest first: of 2k + 1 places for k edits at most,
    /// of which the middle one is as far into the word as into the trie. What is reached with fewer edits counts among more
    /// of them too.
    /// </summary>
    /// <param name="edits">The most edits.</param>
    /// <param name="early">How many of them may be at any place.</param>
    private readonly struct Fields(int edits, int early)
    {
        private readonly int _width = (2 * edits) + 1;

        // The first place of each field, all places, and those of the edits that may be at any place.
        private readonly ulong _each = Each(edits), _all = Bits((edits + 1) * ((2 * edits) + 1)),
            _anywhere = Bits((early + 1) * ((2 * edits) + 1));

        /// <summary>The most edits.</summary>
        public int Edits { get; } = edits;

        /// <summary>Before any token: as far into the word as edits remove tokens from it.</summary>
        public ulong Start
        {
            get
            {
                var start = 0UL;
                for (var e = 0; e <= Edits; e++)
                    start |= Bits(1 + e) << ((e * _width) + Edits);
                return start;
            }
        }

        /// <summary>The places that are reached with whatever number of edits.</summary>
        public ulong Any(ulong reached) => reached >> (Edits * _width);

        /// <summary>Where a token may lead.</summary>
        /// <param name="late">The first place with more than the early edits.</param>
        public ulong Allowed(int late) => (_anywhere | (_each * (Bits(_width) & ~Bits(late)))) & _all;

        /// <summary>What a token reaches that is the word's.</summary>
        /// <param name="before">The places before it.</param>
        /// <param name="equal">The places of the word where it stands.</param>
        /// <param name="allowed">Where it may lead.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Same(ulong before, ulong equal, ulong allowed) =>
            Shortened(before & (_each * (equal & Bits(_width))), allowed);

        /// <summary>What any token reaches: it replaces the word's, or is one that the word lacks.</summary>
        /// <param name="before">The places before it.</param>
        /// <param name="allowed">Where it may lead.</param>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public ulong Edited(ulong before, ulong allowed) =>
            Shortened(((before | ((before & ~_each) >> 1)) << _width) & allowed, allowed);

        // The same, and what is reached when the word's next tokens are too many.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private ulong Shortened(ulong reached, ulong allowed)
        {
            var last = _each << (_width - 1);
            for (var e = 0; e < Edits; e++)
                reached |= ((((reached & ~last) << (_width + 1)) & allowed) | (reached << _width)) & _all;
            return reached;
        }

        private static ulong Each(int edits)
        {
            var each = 0UL;
            for (var e = 0; e <= edits; e++)
                each |= 1UL << (e * ((2 * edits) + 1));
            return each;
        }
    }

    /// <summary>A node for each beginning of the words, the shorter ones first and then in order: the children of one, those
    /// that are longer by a token, follow each other.</summary>
    private sealed class Beginnings
    {
        private readonly Node[] _nodes;
        private readonly bool[] _isWord;

        public Beginnings(int[][] words)
        {
            Sort(words, 0);
            var nodes = 1;
            for (var i = 0; i < words.Length; i++)
                nodes += words[i].Length - (i == 0 ? 0 : words[i].AsSpan().CommonPrefixLength(words[i - 1]));
            (_nodes, _isWord) = (new Node[nodes + 1], new bool[nodes]);
            // The words that begin with each.
            var (from, to) = (new int[nodes], new int[nodes]);
            to[0] = words.Length;
            var (depth, deeper, count) = (0, 1, 1);
            for (var node = 0; node < nodes; node++)
            {
                if (node == deeper)
                    (depth, deeper) = (depth + 1, count);
                _nodes[node].FirstChild = count;
                var i = from[node];
                for (; i < to[node] && words[i].Length == depth; i++)
                    _isWord[node] = true;
                while (i < to[node])
                {
                    var token = words[i][depth];
                    (_nodes[count].Token, from[count]) = (token, i);
                    while (i < to[node] && words[i][depth] == token)
                        i++;
                    to[count++] = i;
                }
            }
            _nodes[^1].FirstChild = count;
        }

        public bool IsWord(int node) => _isWord[node];

        /// <summary>The token that leads to it.</summary>
        public int Token(int node) => _nodes[node].Token;

        /// <summary>The first child, and the first node after the last one.</summary>
        public (int First, int End) Children(int node) => (_nodes[node].FirstChild, _nodes[node + 1].FirstChild);

        /// <summary>The one of some children that a token leads to; negative where there is none.</summary>
        public int Find(int token, int first, int end)
        {
            // Among few, looking at each is as quick.
            while (end - first > 16)
            {
                var middle = (first + end) / 2;
                (first, end) = _nodes[middle].Token <= token ? (middle, end) : (first, middle);
            }
            for (var node = first; node < end; node++)
                if (_nodes[node].Token >= token)
                    return _nodes[node].Token == token ? node : -1;
            return -1;
        }

        /// <summary>Sorts words that are alike up to a depth.</summary>
        /// <remarks>Bentley, Sedgewick: "Fast algorithms for sorting and searching strings", 1997, section 2.</remarks>
        private static void Sort(Span<int[]> words, int depth)
        {
            while (words.Length > 1)
            {
                var (pivot, less, greater) = (At(words[words.Length / 2]), 0, words.Length);
                for (var i = 0; i < greater;)
                {
                    var token = At(words[i]);
                    if (token < pivot)
                        Swap(words, less++, i++);
                    else if (token > pivot)
                        Swap(words, i, --greater);
                    else
                        i++;
                }
                Sort(words[..less], depth);
                Sort(words[greater..], depth);
                if (pivot == NoToken)
                    return;
                words = words[less..greater];
                depth++;
            }

            int At(int[] word) => depth < word.Length ? word[depth] : NoToken;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Swap(Span<int[]> words, int i, int j) => (words[i], words[j]) = (words[j], words[i]);

        /// <summary>The token that leads to it, and its first child; the next node's is the end of its children.</summary>
        private struct Node
        {
            public int Token, FirstChild;
        }
    }
}
