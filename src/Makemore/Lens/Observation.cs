namespace Makemore;

/// <summary>A computation whose traced results are named as they are made, and edited.</summary>
internal sealed class Observation : IDisposable
{
    private readonly IReadOnlyList<Edit> _edits;
    private readonly Region _region;
    private readonly Origins _origins;
    private readonly List<(Origin Origin, Tensor Made, Tensor Value)> _seen = [];
    private bool _isEditing;

    private Observation(Region home, IReadOnlyList<Edit> edits, Func<Region, IReadOnlyList<Leaf>> trace)
    {
        _edits = edits;
        _region = home.Open(See);
        _origins = new(trace(_region));
    }

    /// <summary>The region that results escape to: that of the parameters.</summary>
    public required Region Home { get; init; }

    /// <summary>Begins to observe what is computed from parameters.</summary>
    /// <returns>The observation, and the parameters to compute with.</returns>
    public static (Observation Observation, P Traced) Of<P>(P p, IReadOnlyList<Edit> edits)
    {
        var home = Tree.Leaves(p).Select(leaf => leaf.Value.Region).DefaultIfEmpty(Region.Root).Aggregate(Region.Innermost);
        P? traced = default;
        var observation = new Observation(home, edits, region => Tree.Leaves(traced = Origins.Trace(p, region))) { Home = home };
        return (observation, traced!);
    }

    /// <summary>The activations, with their values.</summary>
    /// <exception cref="ArgumentException">There is none for an edit.</exception>
    public IEnumerable<Activation> Activations() => Activations(value => value);

    /// <summary>The activations, with the gradient of a number with respect to them.</summary>
    /// <exception cref="ArgumentException">It is no single number, or there is no activation for an edit.</exception>
    public IEnumerable<Activation> Gradients(Tensor of)
    {
        if (of.Shape.Size != 1)
            throw new ArgumentException($"Lens: a gradient is of a single number, not of {of.Shape}.");
        var cotangents = new Cotangents(_region, [], [.. _seen.Select(seen => seen.Value)]);
        if (cotangents.Includes(of))
        {
            cotangents.Add(of, Primitives.OnesLike(of));
            cotangents.Pull();
        }
        return Activations(value => cotangents.Of(value) ?? Primitives.ZerosLike(value));
    }

    /// <inheritdoc/>
    public void Dispose() => _region.Dispose();

    private IEnumerable<Activation> Activations(Func<Tensor, Tensor> value) =>
        _edits.FirstOrDefault(edit => _seen.All(seen => seen.Origin.Name != edit.Name)) is { } unknown
            ? throw Lens.Unknown(unknown.Name)
            : _seen.Select(seen => new Activation(
                seen.Origin.Name, seen.Made.Node!.Operation, [.. seen.Origin.Operands], value(seen.Value).Escape(Home))
            {
                Ids = seen.Made.Node is { Operation: nameof(Primitives.Gather), Operands: [_, var ids] } ? ids : null,
            });

    private Tensor See(Tensor made)
    {
        if (_isEditing || made.Type != ElementType.Float32)
            return made;
        var origin = _origins.Add(made);
        _isEditing = true;
        var value = _edits.Where(edit => edit.Name == origin.Name).Aggregate(made, Changed);
        _isEditing = false;
        if (!ReferenceEquals(value, made))
            _origins.Replace(made, value);
        _seen.Add((origin, made, value));
        return value;
    }

    /// <summary>The result of an edit. A value from elsewhere becomes a leaf, so that what is computed from it is seen too.</summary>
    private Tensor Changed(Tensor before, Edit edit)
    {
        var after = edit.Change(before);
        return after.Shape != before.Shape
            ? throw new ArgumentException($"Lens: the edit of {edit.Name} gives {after.Shape} in place of {before.Shape}.")
            : after.IsTraced && ReferenceEquals(after.Region, _region) ? after
            : new(after.Raw, _region, LeafNode.Instance);
    }
}
