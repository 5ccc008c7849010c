namespace Makemore;

/// <summary>
/// The lifetime of the tensors that a computation creates. Closing a region returns the buffers of all of them at once. A tensor
/// that must live longer is moved out first, by <see cref="Tensor.Escape"/>.
/// </summary>
/// <remarks>
/// A result belongs to the innermost region of its operands, so a region owns exactly what is computed from the tensors that were
/// lifted into it (<see cref="Tensor.In"/>). Tensors outside every region, such as constants and a script's own tensors, belong
/// to <see cref="Root"/> and are garbage-collected. A region is used by one thread at a time.
/// </remarks>
public sealed class Region : IDisposable
{
    private readonly List<Storage> _owned = [];

    private Region(Region? parent, bool retainsCotangents, Func<Tensor, Tensor>? observer = null) =>
        (Parent, Depth, RetainsCotangents, Observer) = (parent, parent is null ? 0 : parent.Depth + 1, retainsCotangents, observer);

    /// <summary>The region that never closes.</summary>
    public static Region Root { get; } = new(null, retainsCotangents: false);

    /// <summary>The enclosing region; null for the root.</summary>
    public Region? Parent { get; }

    /// <summary>The number of enclosing regions.</summary>
    public int Depth { get; }

    /// <summary>Whether the region is closed and its buffers are returned.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>The results of operations on traced tensors of this region, for the gradient.</summary>
    internal List<Tensor> Tape { get; } = [];

    /// <summary>Whether any tensor of this region may be asked for its cotangent, so that no pullback may bypass one.</summary>
    internal bool RetainsCotangents { get; }

    /// <summary>What sees each traced result as it is made, and may put another tensor in its place; null for nothing.</summary>
    internal Func<Tensor, Tensor>? Observer { get; }

    /// <summary>A new region inside this one.</summary>
    public Region Open() => Open(retainsCotangents: false);

    /// <summary>A new region inside this one.</summary>
    internal Region Open(bool retainsCotangents) => new(this, retainsCotangents);

    /// <summary>A new region inside this one, whose traced results are observed; any of them may be asked for its
    /// cotangent.</summary>
    internal Region Open(Func<Tensor, Tensor> observer) => new(this, retainsCotangents: true, observer);

    /// <summary>Takes ownership of a buffer.</summary>
    internal void Own(Storage storage)
    {
        if (ReferenceEquals(storage.Owner, this))
            return;
        storage.Owner = this;
        if (Parent is null)
            storage.LeaveToCollector();
        else
            _owned.Add(storage);
    }

    /// <summary>The innermost of two regions.</summary>
    /// <exception cref="InvalidOperationException">Neither is inside the other.</exception>
    internal static Region Innermost(Region a, Region b)
    {
        if (ReferenceEquals(a, b))
            return a;
        var (outer, inner) = a.Depth <= b.Depth ? (a, b) : (b, a);
        return inner.IsInside(outer)
            ? inner
            : throw new InvalidOperationException(
                "Region: the operands belong to two unrelated regions; Escape one of them to a region that encloses both.");
    }

    private bool IsInside(Region outer)
    {
        var region = this;
        while (region.Depth > outer.Depth)
            region = region.Parent!;
        return ReferenceEquals(region, outer);
    }

    /// <summary>Closes the region: returns the buffers of all tensors that did not escape to their engine.</summary>
    public void Dispose()
    {
        if (IsClosed || Parent is null)
            return;
        IsClosed = true;
        Clear();
    }

    /// <summary>Returns the buffers of all tensors that did not escape, without closing the region.</summary>
    internal void Clear()
    {
        foreach (var storage in _owned)
            if (ReferenceEquals(storage.Owner, this))
                storage.Return();
        _owned.Clear();
        Tape.Clear();
    }
}
