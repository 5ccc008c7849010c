namespace Makemore;

/// <summary>A function of an index that one thread asks for one after the other: the values of the next indices are found by
/// another thread meanwhile, some at a time.</summary>
/// <param name="read">The function; it is called from several threads.</param>
/// <param name="depth">How many values are found at a time.</param>
internal sealed class ReadAhead<T>(Func<long, T> read, int depth)
    where T : class
{
    private Stretch? _current;
    private Stretch? _next;

    /// <summary>The value for an index, new each time.</summary>
    /// <remarks>What the function throws for one of the next few indices is thrown here already.</remarks>
    public T At(long index)
    {
        if (index < 0)
            return read(index);
        var (number, place) = Math.DivRem(index, depth);
        if (_current?.Number != number)
        {
            _current = _next?.Number == number ? _next : Begin(number);
            _next = Begin(number + 1);
        }
        var values = _current.Values.GetAwaiter().GetResult();
        var value = values[place];
        values[place] = null;
        return value ?? read(index);
    }

    private Stretch Begin(long number) => new(number, Task.Run(() =>
    {
        var values = new T?[depth];
        for (var place = 0; place < depth; place++)
            values[place] = read((number * depth) + place);
        return values;
    }));

    private sealed record Stretch(long Number, Task<T?[]> Values);
}
