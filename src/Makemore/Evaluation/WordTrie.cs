using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Makemore;

/// <summary>Words by their common beginnings and by their common ends, to find the one nearest to another word without
/// looking at each.</summary>
/// <remarks>
/// Shang, Merrettal: "Tries for approximate string matching", 1996: what is known of a beginning serves all words that begin
/// so, and none is followed that is too far already. Known are, for each number of edits, the places that can be reached
/// with them, a bit each: Wu, Manber: "Fast text searching allowing errors", 1992, section 2. Only those at most as far off the
/// diagonal count as there may be edits: Ukkonen: "Algorithms for approximate string matching", 1985. Of a few edits
/// less than half are in the first half of the word, or not more than half in its last: Navarro, Baeza-Yates: "A hybrid indexing
/// method for approximate string matching", 2000, section 4.
/// </remarks>
public sealed class WordTrie
{
    /// <summary>The greatest distance that is looked for.</summary>
    public const int MostEdits = 31;

    private const int NoToken = -1;

    // Of a longer word, what is known while it is looked up is on the heap; in elements, of four or eight bytes.
    private const int MostOnStack = 256;
    private readonly Node[] _forward;
    private readonly Node[] _backward;
    private readonly int _longest;

    /// <summary>The words, of tokens from 0 on; equal ones count once.</summary>
    public WordTrie(IEnumerable<IReadOnlyList<int>> words)
    {
        int[][] all = [.. words.Select(word => word.ToArray())];
        foreach (var word in all)
            _longest = Math.Max(_longest, word.Length);
        _forward = Grow(all, _longest);
        foreach (var word in all)
            Array.Reverse(word);
        _backward = Grow(all, _longest);
    }

    /// <summary>The edit distance from a word to the nearest one, at most <paramref name="limit"/>, which also stands for
    /// everything beyond it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The limit is not in 0 … <see cref="MostEdits"/> + 1.</exception>
    public int Nearest(ReadOnlySpan<int> word, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MostEdits + 1);
        var (half, reversed) = (word.Length / 2, word.ToArray());
        Array.Reverse(reversed);
        // Nearer ones are quickly found or ruled out, so the wide search is only for the words that need it.
        for (var edits = 0; edits < limit; edits++)
        {
            // Of no edits none is early: the division is towards 0.
            var early = (edits - 1) / 2;
            if (HasWithin(_forward, word, half, early, edits)
                || (edits > 0 && HasWithin(_backward, reversed, word.Length - half, edits - early - 1, edits)))
                return edits;
        }
        return limit;
    }

    /// <summary>Whether a word is at most so many edits away; one with more than so many early ones, in the first part, may be
    /// left out.</summary>
    private bool HasWithin(Node[] nodes, ReadOnlySpan<int> word, int part, int early, int edits)
    {
        // What is more than that longer or shorter is too far, whatever it is.
        if (word.Length > _longest + edits)
            return false;
        if (nodes[0].IsWord && word.Length <= edits)
            return true;
        // For each depth, and each number of edits, the places: bit (edits) is as far into the word as into the trie.
        var (levels, places) = (edits + 1, Bits((2 * edits) + 1));
        var count = (Math.Min(_longest, word.Length + edits) + 1) * levels;
        var reached = count > MostOnStack ? new ulong[count] : stackalloc ulong[count];
        for (var e = 0; e <= edits; e++)
            reached[e] = Bits(1 + e) << edits;
        // With nothing around it, so that the tokens at all places can be looked at, several at once: the trie may be by the
        // edits deeper than the word is long, and sees from there as many places again to either side.
        var length = word.Length + (3 * edits) + Vector256<int>.Count;
        var padded = length > MostOnStack ? new int[length] : stackalloc int[length];
        padded.Fill(NoToken);
        word.CopyTo(padded[edits..]);
        for (var node = 1; node < nodes.Length;)
        {
            var (token, depth, end, isWord) = nodes[node];
            // How far the word's end is from the first place, and that of its first part.
            var (rest, first) = (word.Length - depth + edits, part - depth + edits);
            if (rest < 0)
            {
                node = end;
                continue;
            }
            var equal = Places(padded[(depth - 1)..], token, edits) & places;
            Follow(
                reached.Slice((depth - 1) * levels, levels), reached.Slice(depth * levels, levels), equal, early, places,
                places & ~Bits(Math.Max(0, first)));
            var within = reached[(depth * levels) + edits] & Bits(rest + 1);
            if (within == 0)
                node = end;
            else if (isWord && rest <= 2 * edits && (within >> rest) != 0)
                return true;
            else
                node++;
        }
        return false;
    }

    /// <summary>The places that are reached by one more token, for each number of edits.</summary>
    /// <param name="before">Those before it.</param>
    /// <param name="after">Takes those after it.</param>
    /// <param name="equal">Where the token stands in the word.</param>
    /// <param name="early">The edits that may be anywhere.</param>
    /// <param name="places">All places.</param>
    /// <param name="late">Where there may be more edits than that.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Follow(
        ReadOnlySpan<ulong> before, Span<ulong> after, ulong equal, int early, ulong places, ulong late)
    {
        after[0] = before[0] & equal;
        for (var e = 1; e < before.Length && e < after.Length; e++)
        {
            // A token replaced, one that the word lacks, and one that it has too many.
            var next = (before[e] & equal) | before[e - 1] | (before[e - 1] >> 1) | (after[e - 1] << 1);
            after[e] = after[e - 1] | (next & (e > early ? late : places));
        }
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

    /// <summary>All beginnings in the order of the sorted words: each stands before what follows it.</summary>
    private static Node[] Grow(int[][] words, int longest)
    {
        Sort(words, 0);
        // How much of the word before is at the beginning of each.
        var (alike, beginnings) = (new int[words.Length], 1);
        for (var i = 0; i < words.Length; i++)
        {
            alike[i] = i == 0 ? 0 : words[i].AsSpan().CommonPrefixLength(words[i - 1]);
            beginnings += words[i].Length - alike[i];
        }
        var nodes = new Node[beginnings];
        nodes[0] = new(Vocabulary.Stop, Depth: 0);
        // The node at each depth of a word, from the root on.
        var (path, deepest, count) = (new int[longest + 1], 0, 1);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i];
            End(nodes, path.AsSpan((alike[i] + 1)..(deepest + 1)), count);
            for (var depth = alike[i] + 1; depth <= word.Length; depth++)
            {
                path[depth] = count;
                nodes[count++] = new(word[depth - 1], depth);
            }
            deepest = word.Length;
            nodes[path[deepest]] = nodes[path[deepest]] with { IsWord = true };
        }
        End(nodes, path.AsSpan(..(deepest + 1)), count);
        return nodes;
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

    /// <summary>Ends some beginnings: what comes next does not follow them.</summary>
    private static void End(Node[] nodes, ReadOnlySpan<int> beginnings, int next)
    {
        foreach (var node in beginnings)
            nodes[node] = nodes[node] with { End = next };
    }

    /// <summary>A beginning of words.</summary>
    /// <param name="Token">Its last token.</param>
    /// <param name="Depth">How many tokens it has.</param>
    /// <param name="End">The first node that does not begin with it.</param>
    /// <param name="IsWord">Whether it is a word.</param>
    private readonly record struct Node(int Token, int Depth, int End = 0, bool IsWord = false);
}
