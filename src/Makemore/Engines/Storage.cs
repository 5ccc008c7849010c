namespace Makemore;

/// <summary>The element types of tensors.</summary>
public enum ElementType
{
    /// <summary>IEEE 754 binary32: parameters and everything computed from them.</summary>
    Float32,

    /// <summary>32-bit integers: tokens and counts.</summary>
    Int32,
}

/// <summary>
/// A buffer of an engine. It is allocated for the result of an operation and returned when its region closes, or earlier by an
/// owner that knows it will not be read again. Its generation increases with each return, so that stale readers are detected.
/// </summary>
/// <param name="engine">The engine that the buffer belongs to.</param>
public abstract class Storage(IEngine engine)
{
    /// <summary>The engine that the buffer belongs to.</summary>
    public IEngine Engine { get; } = engine;

    /// <summary>Increases each time the buffer is returned.</summary>
    internal int Generation { get; private set; }

    /// <summary>What will return the buffer; null once it is returned.</summary>
    internal object? Owner { get; set; }

    /// <summary>Whether only the garbage collector may return the buffer.</summary>
    internal bool IsKept { get; set; }

    /// <summary>The number of cotangents, and of results not yet pulled, that refer to the buffer while a gradient is computed.</summary>
    internal int References { get; set; }

    /// <summary>Called when no region owns the buffer any more, so that only the garbage collector can return it.</summary>
    protected internal virtual void LeaveToCollector()
    {
    }

    /// <summary>Returns the buffer to its engine. Tensors that still refer to it become stale.</summary>
    internal void Return()
    {
        Generation++;
        Owner = null;
        IsKept = false;
        References = 0;
        Engine.Release(this);
    }
}

/// <summary>A tensor as an engine sees it: a buffer, a shape and an element type; dense and row-major.</summary>
/// <param name="Storage">The buffer that holds the elements.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Type">The element type.</param>
public readonly record struct Raw(Storage Storage, Shape Shape, ElementType Type = ElementType.Float32);
