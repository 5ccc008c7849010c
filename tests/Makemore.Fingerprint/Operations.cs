namespace Makemore.Tests;

/// <summary>A raw operation of an engine, on random operands of a shape.</summary>
/// <param name="Name">The member of <see cref="IEngine"/>, and the case.</param>
/// <param name="Tolerance">The tolerance for other engines, relative to the largest value or the operands' magnitude of
/// about 1; 0 if all bits are specified.</param>
/// <param name="Run">Draws the operands and runs the operation.</param>
public sealed record Operation(string Name, double Tolerance, Func<Operands, Shape, Raw[]> Run);

/// <summary>Every operation of <see cref="IEngine"/>: one table for the comparisons with the naive engine and between vector
/// widths and thread counts, and for the fingerprint.</summary>
public static class Operations
{
    // Sums over a thousand rows may cancel.
    private const double Exact = 0, Close = 2e-6, Loose = 1e-5, Summed = 5e-5;

    public static IReadOnlyList<Operation> All { get; } =
    [
        Pair("Add", Exact, (e, x, y, shape) => e.Add(x, y, shape)),
        Pair("Subtract", Exact, (e, x, y, shape) => e.Subtract(x, y, shape)),
        Pair("Multiply", Exact, (e, x, y, shape) => e.Multiply(x, y, shape)),
        Pair("Divide", Exact, (e, x, y, shape) => e.Divide(x, y, shape)),
        Pair("Equal", Exact, (e, x, y, shape) => e.Equal(x, y, shape)),
        Pair("Greater", Exact, (e, x, y, shape) => e.Greater(x, y, shape)),
        One("Where", Exact, (o, shape) => o.Engine.Where(o.Mask(0, shape), o.Floats(1, shape), o.Floats(2, shape))),
        Map("Affine", Exact, (e, x) => e.Affine(x, 1.7f, -0.3f)),
        Map("Affine of scale alone", Exact, (e, x) => e.Affine(x, 1.7f, 0)),
        Map("Affine of offset alone", Exact, (e, x) => e.Affine(x, 1, -0.3f)),
        Map("Exp", Close, (e, x) => e.Exp(x)),
        One("Log", Close, (o, shape) => o.Engine.Log(o.Positive(0, shape))),
        Map("Tanh", Close, (e, x) => e.Tanh(x)),
        Map("Sigmoid", Close, (e, x) => e.Sigmoid(x)),
        Map("Relu", Exact, (e, x) => e.Relu(x)),
        Map("Gelu", Close, (e, x) => e.Gelu(x)),
        One("Sqrt", Exact, (o, shape) => o.Engine.Sqrt(o.Positive(0, shape))),
        Map("Power 3", Close, (e, x) => e.Power(x, 3)),
        One("Power -2", Close, (o, shape) => o.Engine.Power(o.Positive(0, shape), -2)),
        One("Power -0.5", Close, (o, shape) => o.Engine.Power(o.Positive(0, shape), -0.5f)),
        Pair("Remainder", Exact, (e, x, y, shape) => e.Remainder(x, y, shape)),
        Pair("Minimum", Exact, (e, x, y, shape) => e.Minimum(x, y, shape)),
        Pair("Maximum", Exact, (e, x, y, shape) => e.Maximum(x, y, shape)),
        .. Enum.GetValues<IntegerOperation>().Select(Integers),
        Map("Convert to integers", Exact, (e, x) => e.Convert(e.Affine(x, 7, 0), ElementType.Int32)),
        One("Convert of integers", Exact, (o, shape) => o.Engine.Convert(o.Ints(0, shape, -99, 99), ElementType.Float32)),
        Map("Abs", Exact, (e, x) => e.Abs(x)),
        Map("Sign", Exact, (e, x) => e.Sign(x)),
        Map("Sin", Close, (e, x) => e.Sin(e.Affine(x, 9, 0))),
        Map("Sin of large angles", Close, (e, x) => e.Sin(e.Affine(x, 1e7f, 0))),
        Map("Cos", Close, (e, x) => e.Cos(e.Affine(x, 9, 0))),
        Map("Erf", Close, (e, x) => e.Erf(x)),
        Map("Softplus", Close, (e, x) => e.Softplus(x)),
        Map("Silu", Close, (e, x) => e.Silu(x)),
        Pullback("SiluPullback", (e, g, x) => e.SiluPullback(g, x)),
        Map("GeluExact", Close, (e, x) => e.GeluExact(x)),
        Pullback("GeluExactPullback", (e, g, x) => e.GeluExactPullback(g, x)),
        Along("ArgSort", Exact, (e, x, axis) => e.ArgSort(x, axis, descending: false)),
        Along("ArgSort, descending", Exact, (e, x, axis) => e.ArgSort(x, axis, descending: true)),
        One("ArgSort of integers", Exact, (o, shape) =>
            o.Engine.ArgSort(o.Ints(0, AtLeast(1, shape), -9, 9), 0, descending: true)),
        Along("CumulativeMax", Exact, (e, x, axis) => e.CumulativeMax(x, axis)),
        new("ArgMax", Exact, (o, shape) => HasElements(shape) ? [ArgMax(o, AtLeast(1, shape))] : []),
        new("GatherAlong", Exact, (o, shape) => Gathered(o, AtLeast(1, shape), isInteger: false)),
        new("GatherAlong of integers", Exact, (o, shape) => Gathered(o, AtLeast(1, shape), isInteger: true)),
        new("ScatterAddAlong", Exact, (o, shape) => [ScatterAddAlong(o, AtLeast(1, shape))]),
        new("LinearRecurrence", Exact, (o, shape) => [LinearRecurrence(o, AtLeast(1, shape), reverse: false)]),
        new("LinearRecurrence in reverse", Exact, (o, shape) => [LinearRecurrence(o, AtLeast(1, shape), reverse: true)]),
        One("IsAtLeast", Exact, (o, shape) => o.Engine.IsAtLeast(o.Ints(0, shape, -1, 3), 0)),
        Along("Sum", Exact, (e, x, axis) => e.Sum(x, axis)),
        Along("Max", Exact, (e, x, axis) => e.Max(x, axis)),
        Along("CumulativeSum", Exact, (e, x, axis) => e.CumulativeSum(x, axis, reverse: false)),
        Along("CumulativeSum in reverse", Exact, (e, x, axis) => e.CumulativeSum(x, axis, reverse: true)),
        Map("Softmax", Close, (e, x) => e.Softmax(x), rank: 1),
        Map("LogSoftmax", Close, (e, x) => e.LogSoftmax(x), rank: 1),
        One("MaskFuture", Exact, (o, shape) => o.Engine.MaskFuture(o.Floats(0, Attention(shape)), -7)),
        Product("MatMul", false, false),
        Product("MatMul of xᵀ", true, false),
        Product("MatMul of yᵀ", false, true),
        Product("MatMul of xᵀ and yᵀ", true, true),
        Product("AccumulateMatMul", false, false, adds: true),
        Product("AccumulateMatMul of xᵀ", true, false, adds: true),
        One("Linear", Exact, (o, shape) => Linear(o, AtLeast(1, shape), hasBias: false)),
        One("Linear with bias", Exact, (o, shape) => Linear(o, AtLeast(1, shape), hasBias: true)),
        new("LookupLinear", Loose, (o, shape) => LookupLinear(o, shape, hasBias: false, isPullback: false)),
        new("LookupLinear with bias", Loose, (o, shape) => LookupLinear(o, shape, hasBias: true, isPullback: false)),
        new("LookupLinearPullback", Loose, (o, shape) => LookupLinear(o, shape, hasBias: false, isPullback: true)),
        One("Permute", Exact, (o, shape) => Permute(o, shape, o.Floats(0, shape))),
        Along("Slice", Exact, (e, x, axis) => e.Slice(x, axis, x.Shape[axis] / 3, (x.Shape[axis] + 1) / 2)),
        Along("Unslice", Exact, (e, x, axis) => e.Unslice(x, axis, 2, x.Shape[axis] + 5)),
        One("Concat", Exact, Concat),
        One("BroadcastTo", Exact, (o, shape) => o.Engine.BroadcastTo(o.Floats(1, o.Part(0, shape)), shape)),
        One("Permute of integers", Exact, (o, shape) => Permute(o, shape, o.Ints(0, shape, -9, 9))),
        One("Where of integers", Exact, (o, shape) =>
            o.Engine.Where(o.Mask(0, shape), o.Ints(1, shape, -9, 9), o.Ints(2, shape, -9, 9))),
        One("Gather of integers", Exact, (o, shape) => o.Engine.Gather(o.Ints(0, [11, 3], -9, 9), o.Ints(1, shape, 0, 11))),
        One("BroadcastTo of integers", Exact, (o, shape) =>
            o.Engine.BroadcastTo(o.Ints(1, o.Part(0, shape), -9, 9), shape)),
        One("Gather", Exact, (o, shape) => o.Engine.Gather(o.Floats(0, [11, 1 + o.Choose(2, 20)]), o.Ints(1, shape, 0, 11))),
        One("ScatterAdd", Exact, (o, shape) =>
            o.Engine.ScatterAdd(o.Floats(0, AtLeast(1, shape)), o.Ints(1, AtLeast(1, shape)[..^1], 0, 5), 5)),
        One("TokenLoss", Close, (o, shape) => OnTokens(o, shape, (logits, ids) => o.Engine.TokenLoss(logits, ids))),
        One("TokenLossPullback", Close, (o, shape) => OnTokens(o, shape, (logits, ids) =>
            o.Engine.TokenLossPullback(o.Floats(2, ids.Shape), logits, ids, o.Engine.TokenLoss(logits, ids)))),
        Pullback("TanhPullback", (e, g, x) => e.TanhPullback(g, e.Tanh(x))),
        Pullback("SigmoidPullback", (e, g, x) => e.SigmoidPullback(g, e.Sigmoid(x))),
        Pullback("GeluPullback", (e, g, x) => e.GeluPullback(g, x)),
        Pullback("SoftmaxPullback", (e, g, x) => e.SoftmaxPullback(g, e.Softmax(x)), rank: 1),
        Pullback("LogSoftmaxPullback", (e, g, x) => e.LogSoftmaxPullback(g, e.LogSoftmax(x)), rank: 1),
        Map("Standardize", Close, (e, x) => e.Standardize(x, 1e-2f), rank: 1),
        Pullback(
            "StandardizePullback", (e, g, x) => e.StandardizePullback(g, x, e.Standardize(x, 1e-2f), 1e-2f), rank: 1),
        One("Accumulate", Exact, (o, shape) => o.Engine.Accumulate(o.Floats(0, shape), o.Floats(1, shape))),
        One("AccumulateSlice", Exact, AccumulateSlice),
        One("LayerNorm", Close, (o, shape) => Rowwise(o, shape, (x, w, b) => o.Engine.LayerNorm(x, w, b, 1e-2f))),
        new("LayerNormPullback", Summed, LayerNormPullback),
        new("BatchNorm", Loose, (o, shape) => BatchNorm(o, shape, isPullback: false)),
        new("BatchNormPullback", Summed, (o, shape) => BatchNorm(o, shape, isPullback: true)),
        new("Adam", Exact, (o, shape) => Adam(o, (m, v, adam) => o.Engine.Adam(o.Floats(0, shape), m, v, adam), shape)),
        new("AdamW", Exact, (o, shape) => Adam(
            o, (m, v, adam) => o.Engine.AdamW(o.Floats(0, shape), m, v, o.Floats(3, shape), adam, 0.1f, 0.3f), shape)),
        new("AdamW without decay", Exact, (o, shape) => Adam(
            o, (m, v, adam) => o.Engine.AdamW(o.Floats(0, shape), m, v, o.Floats(3, shape), adam, 0, 0.3f), shape)),
    ];

    /// <summary>The operation of a name.</summary>
    public static Operation Named(string name) => All.Single(operation => operation.Name == name);

    private static Operation One(string name, double tolerance, Func<Operands, Shape, Raw> run) =>
        new(name, tolerance, (o, shape) => [run(o, shape)]);

    private static Operation Map(string name, double tolerance, Func<IEngine, Raw, Raw> run, int rank = 0) =>
        One(name, tolerance, (o, shape) => run(o.Engine, o.Floats(0, AtLeast(rank, shape))));

    /// <summary>A binary operation on operands of the same shape, or of shapes that broadcast to it.</summary>
    private static Operation Pair(string name, double tolerance, Func<IEngine, Raw, Raw, Shape, Raw> run) =>
        One(name, tolerance, (o, shape) =>
        {
            var (x, y) = o.Choose(0, 3) == 0 ? (shape, shape) : (o.Part(1, shape), o.Part(2, shape));
            return run(o.Engine, o.Floats(3, x), o.Floats(4, y), Shape.Broadcast(name, x, y));
        });

    /// <summary>Integers in −20 … 20; divisors are not 0.</summary>
    private static Operation Integers(IntegerOperation operation) => One($"Integers, {operation}", Exact, (o, shape) =>
    {
        var (x, y) = o.Choose(0, 3) == 0 ? (shape, shape) : (o.Part(1, shape), o.Part(2, shape));
        var isDivision = operation is IntegerOperation.Divide or IntegerOperation.Remainder;
        return o.Engine.Integers(
            operation, o.Ints(3, x, -20, 21), isDivision ? o.Ints(4, y, -5, 0) : o.Ints(4, y, -20, 21),
            Shape.Broadcast("Integers", x, y));
    });

    private static bool HasElements(Shape shape) => shape.Size > 0;

    private static Raw ArgMax(Operands o, Shape shape) => o.Engine.ArgMax(o.Floats(0, shape), o.Choose(1, shape.Rank));

    /// <summary>Nothing can be gathered from nothing.</summary>
    private static Raw[] Gathered(Operands o, Shape shape, bool isInteger)
    {
        if (!HasElements(shape))
            return [];
        var axis = o.Choose(0, shape.Rank);
        var ids = o.Ints(1, shape.With(axis, 1 + o.Choose(2, 9)), 0, shape[axis]);
        return [o.Engine.GatherAlong(isInteger ? o.Ints(3, shape, -9, 9) : o.Floats(3, shape), ids, axis)];
    }

    private static Raw ScatterAddAlong(Operands o, Shape shape)
    {
        var (axis, length) = (o.Choose(0, shape.Rank), 1 + o.Choose(2, 9));
        return o.Engine.ScatterAddAlong(o.Floats(3, shape), o.Ints(1, shape, 0, length), axis, length);
    }

    private static Raw LinearRecurrence(Operands o, Shape shape, bool reverse) => o.Engine.LinearRecurrence(
        o.Engine.Affine(o.Floats(0, shape), 0.5f, 0), o.Floats(1, shape), o.Choose(2, shape.Rank), reverse);

    private static Operation Along(string name, double tolerance, Func<IEngine, Raw, int, Raw> run) =>
        One(name, tolerance, (o, shape) =>
        {
            var whole = AtLeast(1, shape);
            return run(o.Engine, o.Floats(0, whole), o.Choose(1, whole.Rank));
        });

    private static Operation Pullback(string name, Func<IEngine, Raw, Raw, Raw> run, int rank = 0) =>
        One(name, Close, (o, shape) => run(o.Engine, o.Floats(0, AtLeast(rank, shape)), o.Floats(1, AtLeast(rank, shape))));

    /// <summary>A matrix product: the last two dimensions of the result are given; the inner size and the batch dimensions of
    /// each operand are random.</summary>
    private static Operation Product(string name, bool transposeX, bool transposeY, bool adds = false) => One(name, Exact, (o, shape) =>
    {
        var whole = AtLeast(2, shape);
        var (m, n, k) = (whole[^2], whole[^1], o.Choose(0, 41));
        var batch = whole[..^2];
        Shape x = [.. o.Choose(4, 2) == 0 ? batch : o.Part(1, batch), transposeX ? k : m, transposeX ? m : k];
        Shape y = [.. o.Choose(5, 2) == 0 ? batch : o.Part(2, batch), transposeY ? n : k, transposeY ? k : n];
        var product = Shape.MatMul(name, x, y, transposeX, transposeY);
        return adds
            ? o.Engine.AccumulateMatMul(o.Floats(5, product), o.Floats(3, x), o.Floats(4, y), transposeX, transposeY)
            : o.Engine.MatMul(o.Floats(3, x), o.Floats(4, y), transposeX, transposeY, product);
    });

    private static Raw Linear(Operands o, Shape shape, bool hasBias)
    {
        var inner = 1 + o.Choose(0, 40);
        Raw? bias = hasBias ? o.Floats(3, [shape[^1]]) : null;
        return o.Engine.Linear(
            o.Floats(1, shape.With(shape.Rank - 1, inner)), o.Floats(2, [shape[^1], inner]), bias, shape);
    }

    private static Raw[] LookupLinear(Operands o, Shape shape, bool hasBias, bool isPullback)
    {
        var whole = AtLeast(1, shape);
        var (entries, width, places, outputs) = (1 + o.Choose(0, 9), 1 + o.Choose(1, 40), 1 + o.Choose(2, 5), whole[^1]);
        var (table, w) = (o.Floats(3, [entries, width]), o.Floats(4, [outputs, places * width]));
        var ids = o.Ints(5, whole.With(whole.Rank - 1, places), 0, entries);
        var x = o.Engine.Gather(table, ids) with { Shape = whole.With(whole.Rank - 1, places * width) };
        if (!isPullback)
            return [o.Engine.LookupLinear(x, table, ids, w, hasBias ? o.Floats(6, [outputs]) : null, whole)];
        var slopes = o.Engine.LookupLinearPullback(o.Floats(7, whole), table, ids, w);
        return [slopes.W, slopes.Table];
    }

    private static Raw Permute(Operands o, Shape shape, Raw x)
    {
        var order = new Permutation(o.Key, Math.Max(1, shape.Rank));
        var axes = Enumerable.Range(0, shape.Rank).Select(i => (int)order[i]).ToArray();
        return o.Engine.Permute(x, axes, [.. axes.Select(axis => shape[axis])]);
    }

    private static Raw Concat(Operands o, Shape shape)
    {
        var whole = AtLeast(1, shape);
        var axis = o.Choose(0, whole.Rank);
        Raw[] parts = [.. Enumerable.Range(1, 3).Select(i => o.Floats(i, whole.With(axis, o.Choose(i, 20))))];
        return o.Engine.Concat(parts, axis, whole.With(axis, parts.Sum(part => part.Shape[axis])));
    }

    private static Raw OnTokens(Operands o, Shape shape, Func<Raw, Raw, Raw> run)
    {
        var logits = AtLeast(1, shape);
        return run(o.Floats(0, logits), o.Ints(1, logits[..^1], -1, logits[^1]));
    }

    private static Raw AccumulateSlice(Operands o, Shape shape)
    {
        var part = AtLeast(1, shape);
        var axis = o.Choose(1, part.Rank);
        return o.Engine.AccumulateSlice(o.Floats(2, part.With(axis, part[axis] + 5)), o.Floats(3, part), axis, 2);
    }

    private static Raw Rowwise(Operands o, Shape shape, Func<Raw, Raw, Raw, Raw> run)
    {
        var whole = AtLeast(1, shape);
        return run(o.Floats(0, whole), o.Floats(1, [whole[^1]]), o.Floats(2, [whole[^1]]));
    }

    private static Raw[] LayerNormPullback(Operands o, Shape shape)
    {
        var whole = AtLeast(1, shape);
        var (x, w, b) = o.Engine.LayerNormPullback(
            o.Floats(0, whole), o.Floats(1, whole), o.Floats(2, [whole[^1]]), 1e-2f);
        return [x, w, b];
    }

    private static Raw[] BatchNorm(Operands o, Shape shape, bool isPullback)
    {
        var whole = AtLeast(1, shape);
        var (rows, channels) = (whole[..^1].Size, whole[^1]);
        var (x, w, live) = (o.Floats(0, [rows, channels]), o.Floats(1, [channels]), o.Mask(2, [rows]));
        var (y, mean, variance) = o.Engine.BatchNorm(x, w, o.Floats(3, [channels]), live, 1e-2f);
        if (!isPullback)
            return [y, mean, variance];
        var slopes = o.Engine.BatchNormPullback(o.Floats(4, [rows, channels]), x, w, live, mean, variance, 1e-2f);
        return [slopes.X, slopes.W, slopes.B];
    }

    private static Raw[] Adam(Operands o, Func<Raw, Raw, AdamCoefficients, (Raw M, Raw V, Raw Update)> run, Shape shape)
    {
        var adam = new AdamCoefficients(0.9f, 0.99f, 1 - 0.729f, 1 - 0.970299f, 1e-8f);
        var (m, v, update) = run(o.Floats(1, shape), o.Positive(2, shape), adam);
        return [m, v, update];
    }

    private static Shape AtLeast(int rank, Shape shape) =>
        [.. Enumerable.Repeat(1, Math.Max(0, rank - shape.Rank)), .. shape];

    /// <summary>(…, T, S) with T ≤ S.</summary>
    private static Shape Attention(Shape shape)
    {
        var whole = AtLeast(2, shape);
        return whole.With(whole.Rank - 2, Math.Min(whole[^2], whole[^1]));
    }
}
