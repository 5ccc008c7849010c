namespace Makemore;

/// <summary>The median of however many values, in memory that does not grow: of more than a few thousand, evenly spread ones
/// stand for all.</summary>
internal sealed class RunningMedian
{
    // Even, so that what is left after a halving stays in step.
    private const int Most = 4096;
    private readonly List<double> _kept = new(Most);
    private long _count;
    private long _every = 1;

    /// <summary>The middle one, the upper one where there are two; none of no values.</summary>
    public double? Value => _kept.Count == 0 ? null : _kept.Order().ElementAt(_kept.Count / 2);

    /// <summary>Takes one more value.</summary>
    public void Add(double value)
    {
        if (_count++ % _every != 0)
            return;
        if (_kept.Count == Most)
            Halve();
        _kept.Add(value);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _kept.Clear();
        (_count, _every) = (0, 1);
    }

    private void Halve()
    {
        for (var i = 0; i < Most / 2; i++)
            _kept[i] = _kept[2 * i];
        _kept.RemoveRange(Most / 2, Most / 2);
        _every *= 2;
    }
}
