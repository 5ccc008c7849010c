namespace Makemore;

/// <summary>The cotangents of the tensors on one region's tape, while a gradient is being computed.</summary>
/// <remarks>
/// Cotangents die young: one is pulled through its node and never read again. So its memory goes back at once, to be
/// used for the next, and sums are made in place. Pullbacks may hand on the cotangent they got, under another shape too, so
/// each storage counts how many places hold it; a gain that no place holds is new, and nobody else's. What is retained is
/// held to the end.
/// </remarks>
/// <param name="region">Whose tape it is.</param>
/// <param name="retained">Tensors whose cotangents are asked for afterwards, besides those of the leaves.</param>
internal sealed class Cotangents(Region region, IReadOnlyCollection<Tensor> retained)
{
    private readonly Tensor?[] _values = new Tensor?[region.Tape.Count];
    private readonly HashSet<Tensor> _retained = [.. retained];

    /// <summary>Whether a tensor's cotangent is part of this gradient.</summary>
    public bool Wants(Tensor x) => x.IsTraced && ReferenceEquals(x.Region, region);

    /// <summary>The cotangent of a tensor so far; none where the result does not depend on it.</summary>
    public Tensor? Of(Tensor x) => Wants(x) ? _values[x.TapeIndex] : null;

    /// <summary>Adds to the cotangent of a tensor.</summary>
    public void Add(Tensor x, Tensor gain)
    {
        if (!Wants(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        value = value is null ? Hold(gain) : Sum(value, gain);
    }

    /// <summary>Adds to a run of one dimension of the cotangent of a tensor.</summary>
    public void AddSlice(Tensor x, Tensor gain, int axis, int start)
    {
        if (!Wants(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        if (value is { } sum && Holders(sum) == 1)
            value = Renew(sum, x.Engine.AccumulateSlice(sum.Raw, gain.Raw, axis, start));
        else
            Add(x, Primitives.Flat(region, x.Engine.Unslice(gain.Raw, axis, start, x.Shape[axis])));
    }

    /// <summary>Adds a · b, or aᵀ · b, to the cotangent of a tensor, all of whose dimensions but the last are rows.</summary>
    public void AddProduct(Tensor x, Tensor a, Tensor b, bool transposeA = false)
    {
        if (!Wants(x))
            return;
        ref var value = ref _values[x.TapeIndex];
        if (value is { } sum && Holders(sum) == 1)
        {
            var rows = x.Engine.AccumulateMatMul(Primitives.Rows(sum).Raw, a.Raw, b.Raw, transposeA, false);
            value = Renew(sum, rows with { Shape = x.Shape });
        }
        else
            Add(x, Primitives.MatMul(a, b, transposeA).Reshape(x.Shape.Sizes));
    }

    /// <summary>Walks the tape from its end to its beginning, which is a topological order.</summary>
    public void Pull()
    {
        for (var i = _values.Length - 1; i >= 0; i--)
            if (_values[i] is { } cotangent && region.Tape[i].Node is not LeafNode)
            {
                region.Tape[i].Node!.Pull(cotangent, region.Tape[i], this);
                if (_retained.Contains(region.Tape[i]))
                    continue;
                Let(cotangent);
                _values[i] = null;
            }
    }

    private Tensor Sum(Tensor value, Tensor gain)
    {
        if (Holders(value) == 1)
        {
            var sum = Renew(value, value.Engine.Accumulate(value.Raw, gain.Raw));
            if (Holders(gain) == 0)
                gain.Raw.Storage.Return();
            return sum;
        }
        var whole = Holders(gain) == 0
            ? Primitives.Flat(region, value.Engine.Accumulate(gain.Raw, value.Raw))
            : value + gain;
        Let(value);
        return Hold(whole);
    }

    private Tensor Renew(Tensor old, Raw sum)
    {
        if (ReferenceEquals(old.Raw.Storage, sum.Storage))
            return old;
        Let(old);
        return Hold(Primitives.Flat(region, sum));
    }

    private static int Holders(Tensor x) => x.Raw.Storage.Holders;

    private static Tensor Hold(Tensor x)
    {
        x.Raw.Storage.Holders++;
        return x;
    }

    private static void Let(Tensor x)
    {
        if (--x.Raw.Storage.Holders == 0)
            x.Raw.Storage.Return();
    }
}
