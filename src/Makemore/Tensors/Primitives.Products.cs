namespace Makemore;

public static partial class Primitives
{
    /// <summary>The matrix product a (…, M, K) · b (…, K, N) = (…, M, N), with either operand optionally
    /// transposed in its last two dimensions; the dimensions before them broadcast.</summary>
    public static Tensor MatMul(Tensor a, Tensor b, bool transposeA = false, bool transposeB = false)
    {
        var engine = EngineOf("MatMul", a, b);
        var shape = Shape.MatMul("MatMul", a.Shape, b.Shape, transposeA, transposeB);
        return Primitive(
            a, b, engine.MatMul(Float("MatMul", a), Float("MatMul", b), transposeA, transposeB, shape),
            (g, a, b) => Unbroadcast(
                transposeA ? MatMul(b, g, transposeB, true) : MatMul(g, b, false, !transposeB), a.Shape),
            (g, a, b) => SharedByRows(a, b, transposeA)
                ? transposeB ? MatMul(Rows(g), Rows(a), true) : MatMul(Rows(a), Rows(g), true)
                : Unbroadcast(
                    transposeB ? MatMul(g, a, true, transposeA) : MatMul(a, g, !transposeA, false), b.Shape));
    }

    /// <summary>x (…, K) · weightᵀ + bias with weight (N, K) and bias (N), as in PyTorch's Linear: (…, N).</summary>
    public static Tensor LinearMap(Tensor x, Tensor weight, Tensor? bias = null)
    {
        const string Name = "Linear";
        if (x.Shape.Rank < 1 || weight.Shape.Rank != 2 || x.Shape[^1] != weight.Shape[^1])
            throw new ArgumentException(
                $"{Name}: inner sizes differ, input {x.Shape} · weight {weight.Shape}ᵀ (out, in).");
        if (bias is not null && bias.Shape != [weight.Shape[0]])
            throw new ArgumentException($"{Name}: bias {bias.Shape} does not fit weight {weight.Shape} (out, in).");
        var engine = EngineOf(Name, x, weight);
        _ = EngineOf(Name, x, bias ?? x);
        var shape = x.Shape.With(x.Shape.Rank - 1, weight.Shape[0]);
        var (rows, factors, offset) = (Float(Name, x), Float(Name, weight), bias is null ? (Raw?)null : Float(Name, bias));
        if (x.Lookup is { } lookup && lookup.FillsRowsOf(x))
            return MapLookup(lookup, x, weight, bias, shape);
        return Map(x, weight, bias, engine.Linear(rows, factors, offset, shape));
    }

    private static Tensor Map(Tensor x, Tensor weight, Tensor? bias, Raw value) =>
        Record(bias is null ? [x, weight] : [x, weight, bias], value, new LinearNode(x, weight, bias));

    /// <summary>The linear map of rows looked up in a table. If the engine has a fused pullback, the cotangent is propagated
    /// directly to the table.</summary>
    private static Tensor MapLookup(Lookup lookup, Tensor x, Tensor weight, Tensor? bias, Shape shape)
    {
        var (table, ids) = lookup;
        var places = ids.Raw with { Shape = [.. x.Shape[..^1], x.Shape[^1] / table.Shape[1]] };
        var value = x.Engine.LookupLinear(x.Raw, table.Raw, places, weight.Raw, bias?.Raw, shape);
        if (x.Region.RetainsCotangents || !x.Engine.PrefersLookup(x.Shape[..^1].Size, table.Shape[0]))
            return Map(x, weight, bias, value);
        return Joint(bias is null ? [weight, table, ids] : [weight, table, bias, ids], value, Pullback, nameof(LinearMap));

        Raw[] Pullback(Tensor g)
        {
            var cotangents = g.Engine.LookupLinearPullback(g.Raw, table.Raw, places, weight.Raw);
            return bias is null ? [cotangents.W, cotangents.Table] : [cotangents.W, cotangents.Table, Sum(Rows(g), 0).Raw];
        }
    }

    /// <summary>Whether all rows of a share one matrix b, so that its gradient is one product over all of them.</summary>
    private static bool SharedByRows(Tensor a, Tensor b, bool transposeA) =>
        b.Shape.Rank == 2 && a.Shape.Rank > 2 && !transposeA;

    /// <summary>Flattens all dimensions but the last: (…, C) as (R, C).</summary>
    internal static Tensor Rows(Tensor x) =>
        x.Shape.Rank == 2 ? x : x.Reshape([x.Shape[..^1].Size, x.Shape[^1]]);
}
