using System.Collections.Immutable;

namespace Makemore;

/// <summary>Finds the merges of <see cref="BytePairs"/>. Counts of pairs are kept up to date, chunk by chunk, instead of being made
/// again for each merge; the tests compare it with a trainer that does so.</summary>
internal sealed class BytePairTrainer
{
    private readonly List<(int[] Tokens, long Count)> _chunks = [];
    private readonly Dictionary<(int Left, int Right), long> _counts = [];

    // The chunks that a pair is in, or has been in.
    private readonly Dictionary<(int Left, int Right), HashSet<int>> _places = [];

    // The most frequent pairs first, also with counts that they no longer have.
    private readonly PriorityQueue<(int Left, int Right), (long Negative, int Left, int Right)> _queue = new();

    private BytePairTrainer()
    {
    }

    /// <summary>The merges of some texts; see <see cref="BytePairs.Learn"/>.</summary>
    public static ImmutableArray<(int Left, int Right)> Learn(IEnumerable<string> texts, int count)
    {
        var trainer = new BytePairTrainer();
        foreach (var (chunk, occurrences) in Chunks(texts))
            trainer.Count(trainer.Add(chunk, occurrences), occurrences);
        trainer.Enqueue(trainer._counts.Keys);
        var merges = ImmutableArray.CreateBuilder<(int, int)>();
        while (merges.Count < count && trainer.MostFrequent() is { } pair)
        {
            trainer.Merge(pair, BytePairs.Bytes + merges.Count);
            merges.Add(pair);
        }
        return merges.ToImmutable();
    }

    /// <summary>The distinct chunks of the texts, and how often each occurs.</summary>
    private static Dictionary<string, long> Chunks(IEnumerable<string> texts)
    {
        var chunks = new Dictionary<string, long>(StringComparer.Ordinal);
        var known = chunks.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in texts)
            foreach (var range in BytePairs.Chunk().EnumerateMatches(text))
            {
                var chunk = text.AsSpan(range.Index, range.Length);
                known[chunk] = known.TryGetValue(chunk, out var count) ? count + 1 : 1;
            }
        return chunks;
    }

    private int Add(string chunk, long count)
    {
        _chunks.Add((BytePairs.ToBytes(chunk), count));
        return _chunks.Count - 1;
    }

    /// <summary>The pair to merge next; null if none occurs twice.</summary>
    private (int Left, int Right)? MostFrequent()
    {
        while (_queue.TryDequeue(out var pair, out var priority))
            if (_counts.GetValueOrDefault(pair) == -priority.Negative)
                return priority.Negative < -1 ? pair : null;
        return null;
    }

    private void Merge((int Left, int Right) pair, int token)
    {
        var changed = new HashSet<(int, int)>();
        foreach (var chunk in _places[pair])
        {
            var (tokens, count) = _chunks[chunk];
            changed.UnionWith(Count(chunk, -count));
            _chunks[chunk] = (BytePairs.Merge(tokens, pair, token), count);
            changed.UnionWith(Count(chunk, count));
        }
        _counts.Remove(pair);
        _places.Remove(pair);
        Enqueue(changed);
    }

    /// <summary>Adds a number to the count of each pair in a chunk, for each of its occurrences there.</summary>
    /// <returns>The pairs.</returns>
    private IEnumerable<(int Left, int Right)> Count(int chunk, long number)
    {
        var tokens = _chunks[chunk].Tokens;
        (int Left, int Right)[] pairs = [.. tokens.Zip(tokens.Skip(1))];
        foreach (var pair in pairs)
        {
            _counts[pair] = _counts.GetValueOrDefault(pair) + number;
            if (_places.TryGetValue(pair, out var places))
                places.Add(chunk);
            else
                _places.Add(pair, [chunk]);
        }
        return pairs;
    }

    private void Enqueue(IEnumerable<(int Left, int Right)> pairs)
    {
        foreach (var pair in pairs)
            if (_counts.TryGetValue(pair, out var count) && count > 0)
                _queue.Enqueue(pair, (-count, pair.Left, pair.Right));
    }
}
