using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>Numbers for the different runs of tokens, from 0 on, in the order in which they are met.</summary>
/// <remarks>A hash table with linear probing, at most half full: Knuth: "The Art of Computer Programming", volume 3, section 6.4,
/// algorithm L. Compiled ahead of time, the framework's dictionary calls out for each hash and each comparison; this one does
/// not.</remarks>
internal sealed class NGramNumbers
{
    private const int Free = -1;
    private int[] _numbers = Table(1024);
    private NGram[] _runs = new NGram[512];

    /// <summary>How many runs have a number.</summary>
    public int Count { get; private set; }

    /// <summary>The runs by their numbers.</summary>
    public ReadOnlySpan<NGram> Runs => _runs.AsSpan(0, Count);

    /// <summary>The number of a run, −1 where it has none.</summary>
    public int Find(NGram run) => _numbers[SlotOf(run)];

    /// <summary>The number of a run, a new one where it has none.</summary>
    public int Give(NGram run)
    {
        var slot = SlotOf(run);
        if (_numbers[slot] != Free)
            return _numbers[slot];
        if (Count == _runs.Length)
        {
            Grow();
            slot = SlotOf(run);
        }
        _runs[Count] = run;
        return _numbers[slot] = Count++;
    }

    /// <summary>Where a run stands, or would.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(NGram run)
    {
        var (numbers, runs) = (_numbers, _runs);
        var slot = run.GetHashCode() & (numbers.Length - 1);
        while (numbers[slot] is not Free and var number && runs[number] != run)
            slot = (slot + 1) & (numbers.Length - 1);
        return slot;
    }

    private void Grow()
    {
        Array.Resize(ref _runs, 2 * Count);
        _numbers = Table(4 * Count);
        for (var number = 0; number < Count; number++)
            _numbers[SlotOf(_runs[number])] = number;
    }

    private static int[] Table(int length)
    {
        var numbers = new int[length];
        Array.Fill(numbers, Free);
        return numbers;
    }
}
