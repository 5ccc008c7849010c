namespace Makemore;

/// <summary>The median of any number of values in constant memory: of more than a few thousand, a random sample is kept. A
/// sample at regular intervals would be biased, because step times are periodic, for example from reading ahead.</summary>
/// <remarks>Vitter: "Random sampling with a reservoir", 1985, algorithm R.</remarks>
internal sealed class RunningMedian
{
    /// <summary>The maximum number of values that are kept.</summary>
    public const int MaxKept = 4096;

    private static readonly Key Draws = Key.FromSeed(0);
    private readonly List<double> _kept = [];
    private long _count;

    /// <summary>The median, the upper one of an even number; null if there are no values.</summary>
    public double? Value => _kept.Count == 0 ? null : _kept.Order().ElementAt(_kept.Count / 2);

    /// <summary>The number of values that are kept.</summary>
    public int Kept => _kept.Count;

    /// <summary>Adds a value.</summary>
    public void Add(double value)
    {
        _count++;
        if (_kept.Count < MaxKept)
            _kept.Add(value);
        else if (Draws.Below(_count, _count) is < MaxKept and var place)
            _kept[(int)place] = value;
    }

    /// <summary>Removes all values.</summary>
    public void Clear()
    {
        _kept.Clear();
        _count = 0;
    }
}
