namespace Makemore;

/// <summary>The median of however many values, in memory that does not grow: of more than a few thousand, some drawn at random
/// stand for all. Evenly spread ones would not do: steps have periods, such as that of reading ahead.</summary>
/// <remarks>Vitter: "Random sampling with a reservoir", 1985, algorithm R.</remarks>
internal sealed class RunningMedian
{
    /// <summary>How many values are kept at most.</summary>
    public const int Most = 4096;

    private static readonly Key Draws = Key.FromSeed(0);
    private readonly List<double> _kept = [];
    private long _count;

    /// <summary>The middle one, the upper one where there are two; none of no values.</summary>
    public double? Value => _kept.Count == 0 ? null : _kept.Order().ElementAt(_kept.Count / 2);

    /// <summary>How many values are kept.</summary>
    public int Kept => _kept.Count;

    /// <summary>Takes one more value.</summary>
    public void Add(double value)
    {
        _count++;
        if (_kept.Count < Most)
            _kept.Add(value);
        else if (Draws.Below(_count, _count) is < Most and var place)
            _kept[(int)place] = value;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _kept.Clear();
        _count = 0;
    }
}
