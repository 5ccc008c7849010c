namespace Makemore;

/// <summary>
/// The lifetime of the tensors that one computation makes. Closing a region gives the memory of all of them back at
/// once; what shall live on is moved out first, by <see cref="Tensor.Escape"/>.
/// </summary>
/// <remarks>
/// A result belongs to the innermost region of its operands, so a region reaches exactly as far as what is computed
/// from the tensors that were lifted into it (<see cref="Tensor.In"/>). Tensors outside every region, a script's own
/// and constants, belong to <see cref="Root"/>, where the garbage collector does the work. A region is used by one
/// thread at a time.
/// </remarks>
public sealed class Region : IDisposable
{
    private readonly List<Storage> _owned = [];

    private Region(Region? parent, bool retainsCotangents) =>
        (Parent, Depth, RetainsCotangents) = (parent, parent is null ? 0 : parent.Depth + 1, retainsCotangents);

    /// <summary>The region that never closes.</summary>
    public static Region Root { get; } = new(null, retainsCotangents: false);

    /// <summary>The region around this one; none around the root.</summary>
    public Region? Parent { get; }

    /// <summary>How many regions are around this one.</summary>
    public int Depth { get; }

    /// <summary>Whether the region has been closed and its memory given back.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>What the operations on traced tensors of this region were, for the gradient.</summary>
    internal List<Tensor> Tape { get; } = [];

    /// <summary>Whether any tensor of this region may be asked for its cotangent, so that no pullback may bypass one.</summary>
    internal bool RetainsCotangents { get; }

    /// <summary>A new region inside this one.</summary>
    public Region Open() => Open(retainsCotangents: false);

    /// <summary>A new region inside this one.</summary>
    internal Region Open(bool retainsCotangents) => new(this, retainsCotangents);

    /// <summary>Takes charge of memory.</summary>
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

    /// <summary>The inner one of two regions.</summary>
    /// <exception cref="InvalidOperationException">Neither is inside the other.</exception>
    internal static Region Innermost(Region a, Region b)
    {
        if (ReferenceEquals(a, b))
            return a;
        var (outer, inner) = a.Depth <= b.Depth ? (a, b) : (b, a);
        return inner.IsInside(outer)
            ? inner
            : throw new InvalidOperationException(
                "Region: the operands belong to two regions side by side; let one Escape to a region around both.");
    }

    private bool IsInside(Region outer)
    {
        var region = this;
        while (region.Depth > outer.Depth)
            region = region.Parent!;
        return ReferenceEquals(region, outer);
    }

    /// <summary>Closes the region: the memory of all tensors that did not escape goes back to their engine.</summary>
    public void Dispose()
    {
        if (IsClosed || Parent is null)
            return;
        IsClosed = true;
        foreach (var storage in _owned)
            if (ReferenceEquals(storage.Owner, this))
                storage.Return();
        _owned.Clear();
        Tape.Clear();
    }
}
