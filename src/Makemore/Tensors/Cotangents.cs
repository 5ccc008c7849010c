namespace Makemore;

/// <summary>The cotangents of the tensors on a region's tape while a gradient is computed, and how long these are in
/// memory.</summary>
/// <remarks>
/// Cotangents die young: one is pulled through its node and never read again. So its memory goes back at once, to be
/// used for the next, and sums are made in place. Pullbacks may hand on the cotangent they got, under another shape too, so
/// each storage counts how many places hold it; a gain that no place holds is new, and nobody else's. A result on the tape
/// holds its memory until it has been pulled, because only what comes before it is still read. What is read afterwards is held to
/// the end.
/// </remarks>
/// <param name="region">Whose tape it is.</param>
/// <param name="kept">Tensors that are read afterwards.</param>
/// <param name="retained">Tensors whose cotangents are read afterwards, besides those of the leaves.</param>
internal sealed class Cotangents(Region region, IReadOnlyCollection<Tensor> kept, IReadOnlyCollection<Tensor> retained)
{
    private readonly Tensor?[] _values = new Tensor?[region.Tape.Count];
    private readonly HashSet<Tensor> _retained = [.. retained];

    /// <summary>Whether a tensor's cotangent is part of this gradient.</summary>
    public bool Includes(Tensor x) => x.IsTraced && ReferenceEquals(x.Region, region);

    /// <summary>The cotangent of a tensor so far; null if the result does not depend on it.</summary>
    public Tensor? Of(Tensor x) => Includes(x) ? _values[x.TapeIndex] : null;

    /// <summary>Adds to the cotangent of a tensor.</summary>
    public void Add(Tensor x, Tensor contribution)
    {
        if (!Includes(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        value = value is null ? Retain(contribution) : Sum(value, contribution);
    }

    /// <summary>Adds to a slice of one dimension of the cotangent of a tensor.</summary>
    public void AddSlice(Tensor x, Tensor contribution, int axis, int start)
    {
        if (!Includes(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        if (value is { } sum && References(sum) == 1)
            value = Replace(sum, x.Engine.AccumulateSlice(sum.Raw, contribution.Raw, axis, start));
        else
            Add(x, Primitives.Flat(region, x.Engine.Unslice(contribution.Raw, axis, start, x.Shape[axis])));
    }

    /// <summary>Adds a · b, or aᵀ · b, to the cotangent of a tensor, whose dimensions but the last are rows.</summary>
    public void AddProduct(Tensor x, Tensor a, Tensor b, bool transposeA = false)
    {
        if (!Includes(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        if (value is { } sum && References(sum) == 1)
        {
            var rows = x.Engine.AccumulateMatMul(Primitives.Rows(sum).Raw, a.Raw, b.Raw, transposeA, false);
            value = Replace(sum, rows with { Shape = x.Shape });
        }
        else
            Add(x, Primitives.MatMul(a, b, transposeA).Reshape(x.Shape.Sizes));
    }

    /// <summary>Pulls the cotangents through the tape in reverse, which is a topological order.</summary>
    public void Pull()
    {
        foreach (var result in region.Tape.Concat(kept).Where(IsHeld))
            Retain(result);
        for (var i = _values.Length - 1; i >= 0; i--)
        {
            var result = region.Tape[i];
            if (_values[i] is { } cotangent && result.Node is not LeafNode)
            {
                result.Node!.Pull(cotangent, result, this);
                if (!_retained.Contains(result))
                {
                    Release(cotangent);
                    _values[i] = null;
                }
            }
            if (IsHeld(result))
                Release(result);
        }
        foreach (var result in kept.Where(IsHeld))
            result.Raw.Storage.References--;
    }

    /// <summary>Whether a result's memory goes back once the result has been pulled. Parameters and what has escaped are not the
    /// region's; other threads may use them.</summary>
    private bool IsHeld(Tensor x) => !region.RetainsCotangents && ReferenceEquals(x.Raw.Storage.Owner, region);

    private Tensor Sum(Tensor value, Tensor contribution)
    {
        if (References(value) == 1)
        {
            var sum = Replace(value, value.Engine.Accumulate(value.Raw, contribution.Raw));
            if (References(contribution) == 0)
                contribution.Raw.Storage.Return();
            return sum;
        }
        var whole = References(contribution) == 0
            ? Primitives.Flat(region, value.Engine.Accumulate(contribution.Raw, value.Raw))
            : value + contribution;
        Release(value);
        return Retain(whole);
    }

    private Tensor Replace(Tensor old, Raw sum)
    {
        if (ReferenceEquals(old.Raw.Storage, sum.Storage))
            return old;
        Release(old);
        return Retain(Primitives.Flat(region, sum));
    }

    private static int References(Tensor x) => x.Raw.Storage.References;

    private static Tensor Retain(Tensor x)
    {
        x.Raw.Storage.References++;
        return x;
    }

    private static void Release(Tensor x)
    {
        if (--x.Raw.Storage.References == 0)
            x.Raw.Storage.Return();
    }
}
