namespace Makemore;

/// <summary>A function of an index that one thread calls with increasing indices; another thread computes the values of the next
/// indices in the background.</summary>
/// <param name="read">The function; it is called from several threads.</param>
/// <param name="depth">The number of values computed at a time.</param>
internal sealed class Prefetcher<T>(Func<long, T> read, int depth)
    where T : class
{
    private Chunk? _current;
    private Chunk? _next;

    /// <summary>The value at an index; a new one at each call.</summary>
    /// <remarks>Exceptions of the function at nearby indices are thrown here as well.</remarks>
    public T At(long index)
    {
        if (index < 0)
            return read(index);
        var (number, offset) = Math.DivRem(index, depth);
        if (_current?.Number != number)
        {
            _current = _next?.Number == number ? _next : Start(number);
            _next = Start(number + 1);
        }
        var values = _current.Values.GetAwaiter().GetResult();
        var value = values[offset];
        values[offset] = null;
        return value ?? read(index);
    }

    private Chunk Start(long number) => new(number, Task.Run(() =>
    {
        var values = new T?[depth];
        for (var offset = 0; offset < depth; offset++)
            values[offset] = read((number * depth) + offset);
        return values;
    }));

    private sealed record Chunk(long Number, Task<T?[]> Values);
}
