using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Ids of distinct n-grams, from 0 on, in the order of their first occurrence.</summary>
/// <remarks>A hash table with linear probing, at most half full: Knuth: "The Art of Computer Programming", volume 3, section 6.4,
/// algorithm L. In code compiled ahead of time, the framework's dictionary makes a call for each hash and each comparison; this
/// table does not.</remarks>
internal sealed class NGramIds
{
    private const int Free = -1;
    private int[] _ids = EmptyTable(1024);
    private NGram[] _nGrams = new NGram[512];

    /// <summary>The number of distinct n-grams.</summary>
    public int Count { get; private set; }

    /// <summary>The n-grams by id.</summary>
    public ReadOnlySpan<NGram> NGrams => _nGrams.AsSpan(0, Count);

    /// <summary>The id of an n-gram, −1 if it has none.</summary>
    public int Find(NGram nGram) => _ids[SlotOf(nGram)];

    /// <summary>The id of an n-gram, a new one if it has none.</summary>
    public int GetOrAdd(NGram nGram)
    {
        var slot = SlotOf(nGram);
        if (_ids[slot] != Free)
            return _ids[slot];
        if (Count == _nGrams.Length)
        {
            Grow();
            slot = SlotOf(nGram);
        }
        _nGrams[Count] = nGram;
        return _ids[slot] = Count++;
    }

    /// <summary>The slot of an n-gram, or the free slot where it belongs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(NGram nGram)
    {
        var (ids, nGrams) = (_ids, _nGrams);
        var slot = nGram.GetHashCode() & (ids.Length - 1);
        while (ids[slot] is not Free and var id && nGrams[id] != nGram)
            slot = (slot + 1) & (ids.Length - 1);
        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _nGrams, 2 * Count);
        _ids = EmptyTable(4 * Count);
        for (var id = 0; id < Count; id++)
            _ids[SlotOf(_nGrams[id])] = id;
    }

    private static int[] EmptyTable(int length)
    {
        var ids = new int[length];
        Array.Fill(ids, Free);
        return ids;
    }
}
