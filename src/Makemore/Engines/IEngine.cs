namespace Makemore;

/// <summary>
/// What computes: raw operations on dense, row-major memory, each giving a new result. Shapes have been checked by the
/// caller; an engine trusts them. The members without a body are what an engine must have; the others are fused
/// forms, composed of them here, that an engine overrides where it knows a faster way to the same values.
/// </summary>
/// <remarks>Shapes are given in the field's letters, as in <c>(…, M, K)</c>; "rows" means all dimensions but the last.
/// Masks are float32 tensors of 0 and 1.</remarks>
public interface IEngine
{
    /// <summary>What a person calls the engine.</summary>
    string Name { get; }

    /// <summary>A tensor of numbers.</summary>
    Raw FromFloats(ReadOnlySpan<float> values, Shape shape);

    /// <summary>A tensor of integers.</summary>
    Raw FromInts(ReadOnlySpan<int> values, Shape shape);

    /// <summary>A tensor of one number everywhere.</summary>
    Raw Full(float value, Shape shape);

    /// <summary>Copies the numbers out.</summary>
    void Read(Raw x, Span<float> values);

    /// <summary>Copies the integers out.</summary>
    void Read(Raw x, Span<int> values);

    /// <summary>Takes memory back that nobody will read again.</summary>
    void Release(Storage storage);

    /// <summary>x + y, broadcasting to the shape.</summary>
    Raw Add(Raw x, Raw y, Shape shape);

    /// <summary>x − y, broadcasting to the shape.</summary>
    Raw Subtract(Raw x, Raw y, Shape shape);

    /// <summary>x · y elementwise, broadcasting to the shape.</summary>
    Raw Multiply(Raw x, Raw y, Shape shape);

    /// <summary>x / y, broadcasting to the shape.</summary>
    Raw Divide(Raw x, Raw y, Shape shape);

    /// <summary>1 where x = y, else 0, broadcasting to the shape.</summary>
    Raw Equal(Raw x, Raw y, Shape shape);

    /// <summary>1 where x &gt; y, else 0, broadcasting to the shape.</summary>
    Raw Greater(Raw x, Raw y, Shape shape);

    /// <summary>x where the mask is not 0, else y, all of one shape.</summary>
    Raw Where(Raw mask, Raw x, Raw y);

    /// <summary>scale · x + offset.</summary>
    Raw Affine(Raw x, float scale, float offset);

    /// <summary>eˣ.</summary>
    Raw Exp(Raw x);

    /// <summary>The natural logarithm.</summary>
    Raw Log(Raw x);

    /// <summary>The hyperbolic tangent.</summary>
    Raw Tanh(Raw x);

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Raw Sigmoid(Raw x);

    /// <summary>max(x, 0).</summary>
    Raw Relu(Raw x);

    /// <summary>½ x (1 + tanh(√(2/π) (x + 0.044715 x³))).</summary>
    Raw Gelu(Raw x);

    /// <summary>The square root.</summary>
    Raw Sqrt(Raw x);

    /// <summary>x to a constant power.</summary>
    Raw Power(Raw x, float exponent);

    /// <summary>The float32 tensor of 1 where an integer is at least the bound, else 0.</summary>
    Raw IsAtLeast(Raw ids, int bound);

    /// <summary>The sum over one dimension, which becomes 1.</summary>
    Raw Sum(Raw x, int axis);

    /// <summary>The greatest value over one dimension, which becomes 1.</summary>
    Raw Max(Raw x, int axis);

    /// <summary>The running sum over one dimension.</summary>
    Raw CumulativeSum(Raw x, int axis, bool reverse);

    /// <summary>exp(x) / Σ exp(x) over the last dimension.</summary>
    Raw Softmax(Raw x);

    /// <summary>x − ln Σ exp(x) over the last dimension.</summary>
    Raw LogSoftmax(Raw x);

    /// <summary>x (…, T, S) with <paramref name="fill"/> where a column lies in a row's future: s − (S − T) &gt; t.</summary>
    Raw MaskFuture(Raw x, float fill);

    /// <summary>x (…, M, K) · y (…, K, N), each as it lies or transposed, over batch dimensions that broadcast.</summary>
    Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape);

    /// <summary>The dimensions in another order: dimension i of the result is dimension order[i] of x.</summary>
    Raw Permute(Raw x, ReadOnlySpan<int> order, Shape shape);

    /// <summary>length elements from start on of one dimension.</summary>
    Raw Slice(Raw x, int axis, int start, int length);

    /// <summary>The pullback of <see cref="Slice"/>: x at start in zeros of the given length.</summary>
    Raw Unslice(Raw x, int axis, int start, int length);

    /// <summary>Tensors side by side along one dimension.</summary>
    Raw Concat(ReadOnlySpan<Raw> parts, int axis, Shape shape);

    /// <summary>x repeated to a shape it broadcasts to.</summary>
    Raw BroadcastTo(Raw x, Shape shape);

    /// <summary>The rows of a table (R, C) that ids (…) name: (…, C).</summary>
    Raw Gather(Raw table, Raw ids);

    /// <summary>The pullback of <see cref="Gather"/>: the rows of x (…, C) added up, in order, where ids (…) name a row
    /// of (R, C).</summary>
    Raw ScatterAdd(Raw x, Raw ids, int rows);

    /// <summary>−ln softmax(logits (…, V))[targets (…)], and 0 where the target is −1: (…).</summary>
    Raw TokenLoss(Raw logits, Raw targets);

    /// <summary>The pullback of <see cref="TokenLoss"/>, whose result is given too: (softmax(logits) − onehot(targets)) · g,
    /// 0 where the target is −1: (…, V).</summary>
    Raw TokenLossPullback(Raw g, Raw logits, Raw targets, Raw losses);

    /// <summary>x (…, K) · wᵀ + b for w (N, K) and b (N).</summary>
    Raw Linear(Raw x, Raw w, Raw? b, Shape shape)
    {
        var rows = x with { Shape = [x.Shape[..^1].Size, x.Shape[^1]] };
        var product = MatMul(rows, w, false, true, [rows.Shape[0], w.Shape[0]]) with { Shape = shape };
        return b is { } bias ? Add(product, bias, shape) : product;
    }

    /// <summary>The linear map of rows of a table side by side: <see cref="Linear"/> of x (…, n·C), which is what
    /// <see cref="Gather"/> gives for a table (R, C) and ids (…, n), with w (N, n·C) and b (N): (…, N).</summary>
    Raw LookupLinear(Raw x, Raw table, Raw ids, Raw w, Raw? b, Shape shape) => Linear(x, w, b, shape);

    /// <summary>Whether <see cref="LookupLinearPullback"/> is cheaper here than the pullbacks of the linear map and of the
    /// lookup one after the other, for so many rows of places that name one of so many entries.</summary>
    bool PrefersLookup(int rows, int entries) => false;

    /// <summary>The pullback of <see cref="LookupLinear"/>, for w and the table.</summary>
    (Raw W, Raw Table) LookupLinearPullback(Raw g, Raw table, Raw ids, Raw w)
    {
        var (rows, inputs) = (g.Shape[..^1].Size, w.Shape[1]);
        var slopes = g with { Shape = [rows, w.Shape[0]] };
        var x = Gather(table, ids) with { Shape = [rows, inputs] };
        var looked = MatMul(slopes, w, false, false, x.Shape) with { Shape = ids.Shape.Insert(ids.Shape.Rank, table.Shape[1]) };
        return (MatMul(slopes, x, true, false, w.Shape), ScatterAdd(looked, ids, table.Shape[0]));
    }

    /// <summary>sum + x of one shape, in the memory of the sum if the engine likes: nobody else holds it.</summary>
    Raw Accumulate(Raw sum, Raw x) => Add(sum, x, sum.Shape);

    /// <summary>sum + x · y as <see cref="MatMul"/> has it, in the memory of the sum if the engine likes: nobody else holds
    /// it.</summary>
    Raw AccumulateMatMul(Raw sum, Raw x, Raw y, bool transposeX, bool transposeY)
    {
        var product = MatMul(x, y, transposeX, transposeY, sum.Shape);
        var whole = Accumulate(sum, product);
        Release(product.Storage);
        return whole;
    }

    /// <summary>The sum with x added to it from start on along one dimension, in the memory of the sum if the engine
    /// likes: nobody else holds it.</summary>
    Raw AccumulateSlice(Raw sum, Raw x, int axis, int start) =>
        Add(sum, Unslice(x, axis, start, sum.Shape[axis]), sum.Shape);

    /// <summary>The pullback of <see cref="Tanh"/> from its result: g (1 − y²).</summary>
    Raw TanhPullback(Raw g, Raw y) =>
        Multiply(g, Affine(Multiply(y, y, y.Shape), -1, 1), y.Shape);

    /// <summary>The pullback of <see cref="Sigmoid"/> from its result: g y (1 − y).</summary>
    Raw SigmoidPullback(Raw g, Raw y) =>
        Multiply(g, Multiply(y, Affine(y, -1, 1), y.Shape), y.Shape);

    /// <summary>The pullback of <see cref="Gelu"/>: g (s + 2 x s (1 − s) u′) with s = sigmoid(2 u),
    /// u = √(2/π) (x + 0.044715 x³).</summary>
    Raw GeluPullback(Raw g, Raw x)
    {
        var shape = x.Shape;
        var square = Multiply(x, x, shape);
        var s = Sigmoid(Multiply(x, Affine(square, 2 * GeluForm.Scale * GeluForm.Cubic, 2 * GeluForm.Scale), shape));
        var slope = Multiply(x, Affine(square, 6 * GeluForm.Scale * GeluForm.Cubic, 2 * GeluForm.Scale), shape);
        var spread = Multiply(s, Affine(s, -1, 1), shape);
        return Multiply(g, Add(s, Multiply(slope, spread, shape), shape), shape);
    }

    /// <summary>The pullback of <see cref="Softmax"/> from its result: y (g − Σ g y).</summary>
    Raw SoftmaxPullback(Raw g, Raw y)
    {
        var total = Sum(Multiply(g, y, y.Shape), y.Shape.Rank - 1);
        return Multiply(y, Subtract(g, total, y.Shape), y.Shape);
    }

    /// <summary>The pullback of <see cref="LogSoftmax"/> from its result: g − exp(y) Σ g.</summary>
    Raw LogSoftmaxPullback(Raw g, Raw y) =>
        Subtract(g, Multiply(Exp(y), Sum(g, y.Shape.Rank - 1), y.Shape), y.Shape);

    /// <summary>(x − mean) / √(variance + ε) over the last dimension.</summary>
    Raw Standardize(Raw x, float epsilon)
    {
        var (axis, scale) = (x.Shape.Rank - 1, 1f / x.Shape[^1]);
        var centred = Subtract(x, Affine(Sum(x, axis), scale, 0), x.Shape);
        return Divide(centred, Spread(centred, epsilon), x.Shape);
    }

    /// <summary>The pullback of <see cref="Standardize"/> from its result y: (g − mean(g) − y mean(g y)) / √(variance +
    /// ε).</summary>
    Raw StandardizePullback(Raw g, Raw x, Raw y, float epsilon)
    {
        var (axis, scale) = (x.Shape.Rank - 1, 1f / x.Shape[^1]);
        var along = Affine(Sum(Multiply(g, y, x.Shape), axis), scale, 0);
        var rest = Subtract(Subtract(g, Affine(Sum(g, axis), scale, 0), x.Shape), Multiply(y, along, x.Shape), x.Shape);
        var centred = Subtract(x, Affine(Sum(x, axis), scale, 0), x.Shape);
        return Divide(rest, Spread(centred, epsilon), x.Shape);
    }

    private Raw Spread(Raw centred, float epsilon)
    {
        var squares = Sum(Multiply(centred, centred, centred.Shape), centred.Shape.Rank - 1);
        return Sqrt(Affine(squares, 1f / centred.Shape[^1], epsilon));
    }

    /// <summary>One step of Adam's moments and the update they give: m′ = β₁ m + (1 − β₁) g,
    /// v′ = β₂ v + (1 − β₂) g², u = (m′ / c₁) / (√(v′ / c₂) + ε).</summary>
    (Raw M, Raw V, Raw Update) Adam(Raw g, Raw m, Raw v, AdamForm form)
    {
        var shape = g.Shape;
        var first = Add(Affine(m, form.Beta1, 0), Affine(g, 1 - form.Beta1, 0), shape);
        var second = Add(Affine(v, form.Beta2, 0), Affine(Multiply(g, g, shape), 1 - form.Beta2, 0), shape);
        var spread = Affine(Sqrt(Affine(second, 1 / form.Correction2, 0)), 1, form.Epsilon);
        return (first, second, Divide(Affine(first, 1 / form.Correction1, 0), spread, shape));
    }

    /// <summary>One step of Adam's moments, and the update that weight decay and rate make of it for parameters p:
    /// −rate (u + decay p).</summary>
    (Raw M, Raw V, Raw Update) AdamW(Raw g, Raw m, Raw v, Raw p, AdamForm form, float decay, float rate)
    {
        var (first, second, update) = Adam(g, m, v, form);
        var decayed = decay == 0 ? update : Add(update, Affine(p, decay, 0), p.Shape);
        return (first, second, Affine(decayed, -rate, 0));
    }

    /// <summary>(x − mean) / √(variance + ε) over the last dimension, scaled by w (C) and shifted by b (C).</summary>
    Raw LayerNorm(Raw x, Raw w, Raw b, float epsilon) =>
        Add(Multiply(Standardize(x, epsilon), w, x.Shape), b, x.Shape);

    /// <summary>The pullback of <see cref="LayerNorm"/>, for x, w and b.</summary>
    (Raw X, Raw W, Raw B) LayerNormPullback(Raw g, Raw x, Raw w, float epsilon)
    {
        var standard = Standardize(x, epsilon);
        return (
            StandardizePullback(Multiply(g, w, x.Shape), x, standard, epsilon),
            SumOfRows(Multiply(g, standard, x.Shape)), SumOfRows(g));
    }

    /// <summary>Each of the C channels of x (R, C) brought to mean 0 and variance 1, as they are over the rows where
    /// live (R) is 1, then scaled by w (C) and shifted by b (C); the means and the (biased) variances beside it.</summary>
    (Raw Y, Raw Mean, Raw Variance) BatchNorm(Raw x, Raw w, Raw b, Raw live, float epsilon)
    {
        var (channels, column) = (w.Shape, live with { Shape = [live.Shape.Size, 1] });
        var count = Sum(live, 0) with { Shape = Shape.Scalar };
        var mean = Divide(SumOfRows(Multiply(x, column, x.Shape)), count, channels);
        var centred = Subtract(x, mean, x.Shape);
        var squares = Multiply(Multiply(centred, centred, x.Shape), column, x.Shape);
        var variance = Divide(SumOfRows(squares), count, channels);
        var scale = Divide(w, Sqrt(Affine(variance, 1, epsilon)), channels);
        return (Add(Multiply(centred, scale, x.Shape), b, x.Shape), mean, variance);
    }

    /// <summary>The pullback of <see cref="BatchNorm"/>, for x, w and b: with z the normalized channels,
    /// b′ = Σ g, w′ = Σ g z, x′ = w / √(variance + ε) · (g − live / n · (b′ + w′ z)).</summary>
    (Raw X, Raw W, Raw B) BatchNormPullback(Raw g, Raw x, Raw w, Raw live, Raw mean, Raw variance, float epsilon)
    {
        var (channels, shape) = (w.Shape, x.Shape);
        var spread = Sqrt(Affine(variance, 1, epsilon));
        var z = Divide(Subtract(x, mean, shape), spread, shape);
        var (slopeW, slopeB) = (SumOfRows(Multiply(g, z, shape)), SumOfRows(g));
        var share = Divide(live, Sum(live, 0), live.Shape) with { Shape = [live.Shape.Size, 1] };
        var common = Multiply(share, Add(slopeB, Multiply(slopeW, z, shape), shape), shape);
        return (Multiply(Divide(w, spread, channels), Subtract(g, common, shape), shape), slopeW, slopeB);
    }

    private Raw SumOfRows(Raw x)
    {
        var rows = x with { Shape = [x.Shape[..^1].Size, x.Shape[^1]] };
        return Sum(rows, 0) with { Shape = [x.Shape[^1]] };
    }
}

/// <summary>The numbers of one step of Adam: the decay of the moments, the bias corrections 1 − βᵗ, and ε.</summary>
public readonly record struct AdamForm(float Beta1, float Beta2, float Correction1, float Correction2, float Epsilon);

/// <summary>The constants of GELU's tanh form (Hendrycks, Gimpel 2016, section 2).</summary>
public static class GeluForm
{
    /// <summary>√(2/π).</summary>
    public const float Scale = 0.7978845608f;

    /// <summary>The weight of the cube.</summary>
    public const float Cubic = 0.044715f;
}
