namespace Makemore;

/// <summary>The kinds of element a tensor can have.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32: parameters and everything computed from them.</summary>
    Float32,

    /// <summary>32-bit integers: tokens and counts.</summary>
    Int32,
}

/// <summary>
/// A piece of an engine's memory. It is taken when an operation makes a result, and given back when its region closes, or before
/// by whoever knows that it is read no more; a number that goes up with each giving back tells a stale reader from a rightful one.
/// </summary>
/// <param name="engine">The engine that the memory belongs to.</param>
public abstract class Storage(IEngine engine)
{
    /// <summary>The engine that the memory belongs to.</summary>
    public IEngine Engine { get; } = engine;

    /// <summary>Goes up each time the memory is given back.</summary>
    internal int Lease { get; private set; }

    /// <summary>Who gives the memory back; none where it has been given back.</summary>
    internal object? Owner { get; set; }

    /// <summary>Whether only the garbage collector may give the memory back.</summary>
    internal bool IsKept { get; set; }

    /// <summary>In how many places it is held as a cotangent, while a gradient is being computed.</summary>
    internal int Holders { get; set; }

    /// <summary>Called when no region owns the memory any more, so that nobody will give it back.</summary>
    protected internal virtual void LeaveToCollector()
    {
    }

    /// <summary>Gives the memory back to the engine: whoever still holds it holds nothing.</summary>
    internal void Return()
    {
        Lease++;
        Owner = null;
        IsKept = false;
        Holders = 0;
        Engine.Release(this);
    }
}

/// <summary>A tensor as an engine sees it: memory, sizes and the kind of element, dense and in row-major order.</summary>
/// <param name="Storage">Where the elements are.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Type">The kind of element.</param>
public readonly record struct Raw(Storage Storage, Shape Shape, ElementType Type = ElementType.Float32);
