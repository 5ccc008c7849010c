namespace Makemore;

/// <summary>
/// A computation backend: raw operations on dense, row-major buffers, each of which allocates a new result. The caller checks
/// shapes; an engine trusts them. An engine must implement the members without a body. The others are fused operations, composed
/// of those here; an engine overrides them where it has a faster way to the same values.
/// </summary>
/// <remarks>Shapes use the field's letters, as in <c>(…, M, K)</c>; "rows" means all dimensions but the last. Masks are float32
/// tensors of 0 and 1.</remarks>
public partial interface IEngine
{
    /// <summary>The name of the engine.</summary>
    string Name { get; }

    /// <summary>A tensor of numbers.</summary>
    Raw FromFloats(ReadOnlySpan<float> values, Shape shape);

    /// <summary>A tensor of integers.</summary>
    Raw FromInts(ReadOnlySpan<int> values, Shape shape);

    /// <summary>A tensor filled with a number.</summary>
    Raw Full(float value, Shape shape);

    /// <summary>Copies the numbers to a span.</summary>
    void Read(Raw x, Span<float> values);

    /// <summary>Copies the integers to a span.</summary>
    void Read(Raw x, Span<int> values);

    /// <summary>Takes back a buffer that will not be read again.</summary>
    void Release(Storage storage);

    /// <summary>x + y, broadcasting to the shape.</summary>
    Raw Add(Raw x, Raw y, Shape shape);

    /// <summary>x − y, broadcasting to the shape.</summary>
    Raw Subtract(Raw x, Raw y, Shape shape);

    /// <summary>x · y elementwise, broadcasting to the shape.</summary>
    Raw Multiply(Raw x, Raw y, Shape shape);

    /// <summary>x / y, broadcasting to the shape.</summary>
    Raw Divide(Raw x, Raw y, Shape shape);

    /// <summary>1 where x = y, 0 elsewhere, broadcasting to the shape.</summary>
    Raw Equal(Raw x, Raw y, Shape shape);

    /// <summary>1 where x &gt; y, 0 elsewhere, broadcasting to the shape.</summary>
    Raw Greater(Raw x, Raw y, Shape shape);

    /// <summary>x where the mask is not 0, y elsewhere; all of one shape.</summary>
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

    /// <summary>A float32 tensor of 1 where an integer is at least the bound, 0 elsewhere.</summary>
    Raw IsAtLeast(Raw ids, int bound);

    /// <summary>The sum over one dimension, which is kept with size 1.</summary>
    Raw Sum(Raw x, int axis);

    /// <summary>The maximum over one dimension, which is kept with size 1.</summary>
    Raw Max(Raw x, int axis);

    /// <summary>The cumulative sum over one dimension.</summary>
    Raw CumulativeSum(Raw x, int axis, bool reverse);

    /// <summary>exp(x) / Σ exp(x) over the last dimension.</summary>
    Raw Softmax(Raw x);

    /// <summary>x − ln Σ exp(x) over the last dimension.</summary>
    Raw LogSoftmax(Raw x);

    /// <summary>Causal mask: x (…, T, S) with <paramref name="fill"/> where a column is in a row's future, s − (S − T) &gt;
    /// t.</summary>
    Raw MaskFuture(Raw x, float fill);

    /// <summary>x (…, M, K) · y (…, K, N), each optionally transposed; batch dimensions broadcast.</summary>
    Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape);

    /// <summary>Permutes the dimensions: dimension i of the result is dimension order[i] of x.</summary>
    Raw Permute(Raw x, ReadOnlySpan<int> order, Shape shape);

    /// <summary>length elements of one dimension, from start on.</summary>
    Raw Slice(Raw x, int axis, int start, int length);

    /// <summary>The pullback of <see cref="Slice"/>: zeros of the given length, with x at start.</summary>
    Raw Unslice(Raw x, int axis, int start, int length);

    /// <summary>Concatenates tensors along one dimension.</summary>
    Raw Concat(ReadOnlySpan<Raw> parts, int axis, Shape shape);

    /// <summary>x broadcast to a shape.</summary>
    Raw BroadcastTo(Raw x, Shape shape);

    /// <summary>The rows of a table (R, C) at ids (…): (…, C).</summary>
    Raw Gather(Raw table, Raw ids);

    /// <summary>The pullback of <see cref="Gather"/>: adds the rows of x (…, C), in order, to the rows of zeros (R, C) at
    /// ids (…).</summary>
    Raw ScatterAdd(Raw x, Raw ids, int rows);

    /// <summary>−ln softmax(logits (…, V))[targets (…)], and 0 where the target is −1: (…).</summary>
    Raw TokenLoss(Raw logits, Raw targets);

    /// <summary>The pullback of <see cref="TokenLoss"/>, which also receives its result: (softmax(logits) − onehot(targets)) · g,
    /// and 0 where the target is −1: (…, V).</summary>
    Raw TokenLossPullback(Raw g, Raw logits, Raw targets, Raw losses);

    /// <summary>x (…, K) · wᵀ + b for w (N, K) and b (N).</summary>
    Raw Linear(Raw x, Raw w, Raw? b, Shape shape)
    {
        var rows = x with { Shape = [x.Shape[..^1].Size, x.Shape[^1]] };
        var product = MatMul(rows, w, false, true, [rows.Shape[0], w.Shape[0]]) with { Shape = shape };
        return b is { } bias ? Add(product, bias, shape) : product;
    }

    /// <summary>The linear map of concatenated table rows: <see cref="Linear"/> of x (…, n·C), the result of <see cref="Gather"/>
    /// for a table (R, C) and ids (…, n), with w (N, n·C) and b (N): (…, N).</summary>
    Raw LookupLinear(Raw x, Raw table, Raw ids, Raw w, Raw? b, Shape shape) => Linear(x, w, b, shape);

    /// <summary>Whether <see cref="LookupLinearPullback"/> is cheaper than the pullbacks of the linear map and of the lookup in
    /// sequence, for a number of rows of ids and of table entries.</summary>
    bool PrefersLookup(int rows, int entries) => false;

    /// <summary>The pullback of <see cref="LookupLinear"/>, for w and the table.</summary>
    (Raw W, Raw Table) LookupLinearPullback(Raw g, Raw table, Raw ids, Raw w)
    {
        var (rows, inputs) = (g.Shape[..^1].Size, w.Shape[1]);
        var grads = g with { Shape = [rows, w.Shape[0]] };
        var x = Gather(table, ids) with { Shape = [rows, inputs] };
        var looked = MatMul(grads, w, false, false, x.Shape) with { Shape = ids.Shape.Insert(ids.Shape.Rank, table.Shape[1]) };
        return (MatMul(grads, x, true, false, w.Shape), ScatterAdd(looked, ids, table.Shape[0]));
    }

    /// <summary>sum + x, of one shape. The engine may reuse the buffer of the sum, which has no other reader.</summary>
    Raw Accumulate(Raw sum, Raw x) => Add(sum, x, sum.Shape);

    /// <summary>sum + x · y, as in <see cref="MatMul"/>. The engine may reuse the buffer of the sum, which has no other
    /// reader.</summary>
    Raw AccumulateMatMul(Raw sum, Raw x, Raw y, bool transposeX, bool transposeY)
    {
        var product = MatMul(x, y, transposeX, transposeY, sum.Shape);
        var whole = Accumulate(sum, product);
        Release(product.Storage);
        return whole;
    }

    /// <summary>The sum with x added along one dimension, from start on. The engine may reuse the buffer of the sum, which has no
    /// other reader.</summary>
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
        const float A = 2 * GeluConstants.Scale * GeluConstants.Cubic, B = 2 * GeluConstants.Scale;
        var s = Sigmoid(Multiply(x, Affine(square, A, B), shape));
        var slope = Multiply(x, Affine(square, 6 * GeluConstants.Scale * GeluConstants.Cubic, B), shape);
        var derivative = Multiply(s, Affine(s, -1, 1), shape);
        return Multiply(g, Add(s, Multiply(slope, derivative, shape), shape), shape);
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
        var centered = Subtract(x, Affine(Sum(x, axis), scale, 0), x.Shape);
        return Divide(centered, Deviation(centered, epsilon), x.Shape);
    }

    /// <summary>The pullback of <see cref="Standardize"/> from its result y: (g − mean(g) − y mean(g y)) / √(variance +
    /// ε).</summary>
    Raw StandardizePullback(Raw g, Raw x, Raw y, float epsilon)
    {
        var (axis, scale) = (x.Shape.Rank - 1, 1f / x.Shape[^1]);
        var along = Affine(Sum(Multiply(g, y, x.Shape), axis), scale, 0);
        var rest = Subtract(Subtract(g, Affine(Sum(g, axis), scale, 0), x.Shape), Multiply(y, along, x.Shape), x.Shape);
        var centered = Subtract(x, Affine(Sum(x, axis), scale, 0), x.Shape);
        return Divide(rest, Deviation(centered, epsilon), x.Shape);
    }

    private Raw Deviation(Raw centered, float epsilon)
    {
        var squares = Sum(Multiply(centered, centered, centered.Shape), centered.Shape.Rank - 1);
        return Sqrt(Affine(squares, 1f / centered.Shape[^1], epsilon));
    }

    /// <summary>One step of Adam: the new moments and the update, m′ = β₁ m + (1 − β₁) g,
    /// v′ = β₂ v + (1 − β₂) g², u = (m′ / c₁) / (√(v′ / c₂) + ε).</summary>
    (Raw M, Raw V, Raw Update) Adam(Raw g, Raw m, Raw v, AdamCoefficients adam)
    {
        var shape = g.Shape;
        var first = Add(Affine(m, adam.Beta1, 0), Affine(g, 1 - adam.Beta1, 0), shape);
        var second = Add(Affine(v, adam.Beta2, 0), Affine(Multiply(g, g, shape), 1 - adam.Beta2, 0), shape);
        var deviation = Affine(Sqrt(Affine(second, 1 / adam.Correction2, 0)), 1, adam.Epsilon);
        return (first, second, Divide(Affine(first, 1 / adam.Correction1, 0), deviation, shape));
    }

    /// <summary>One step of AdamW on parameters p: the new moments and the update, −rate (u + decay p).</summary>
    (Raw M, Raw V, Raw Update) AdamW(Raw g, Raw m, Raw v, Raw p, AdamCoefficients adam, float decay, float rate)
    {
        var (first, second, update) = Adam(g, m, v, adam);
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

    /// <summary>Normalizes each of the C channels of x (R, C) to mean 0 and variance 1 over the rows where live (R) is 1, then
    /// scales by w (C) and shifts by b (C). Also returns the means and the biased variances.</summary>
    (Raw Y, Raw Mean, Raw Variance) BatchNorm(Raw x, Raw w, Raw b, Raw live, float epsilon)
    {
        var (channels, column) = (w.Shape, live with { Shape = [live.Shape.Size, 1] });
        var count = Sum(live, 0) with { Shape = Shape.Scalar };
        var mean = Divide(SumOfRows(Multiply(x, column, x.Shape)), count, channels);
        var centered = Subtract(x, mean, x.Shape);
        var squares = Multiply(Multiply(centered, centered, x.Shape), column, x.Shape);
        var variance = Divide(SumOfRows(squares), count, channels);
        var scale = Divide(w, Sqrt(Affine(variance, 1, epsilon)), channels);
        return (Add(Multiply(centered, scale, x.Shape), b, x.Shape), mean, variance);
    }

    /// <summary>The pullback of <see cref="BatchNorm"/>, for x, w and b: with z the normalized channels,
    /// b′ = Σ g, w′ = Σ g z, x′ = w / √(variance + ε) · (g − live / n · (b′ + w′ z)).</summary>
    (Raw X, Raw W, Raw B) BatchNormPullback(Raw g, Raw x, Raw w, Raw live, Raw mean, Raw variance, float epsilon)
    {
        var (channels, shape) = (w.Shape, x.Shape);
        var deviation = Sqrt(Affine(variance, 1, epsilon));
        var z = Divide(Subtract(x, mean, shape), deviation, shape);
        var (gradW, gradB) = (SumOfRows(Multiply(g, z, shape)), SumOfRows(g));
        var share = Divide(live, Sum(live, 0), live.Shape) with { Shape = [live.Shape.Size, 1] };
        var common = Multiply(share, Add(gradB, Multiply(gradW, z, shape), shape), shape);
        return (Multiply(Divide(w, deviation, channels), Subtract(g, common, shape), shape), gradW, gradB);
    }

    private Raw SumOfRows(Raw x)
    {
        var rows = x with { Shape = [x.Shape[..^1].Size, x.Shape[^1]] };
        return Sum(rows, 0) with { Shape = [x.Shape[^1]] };
    }
}

/// <summary>The coefficients of one step of Adam: the decay rates of the moments, the bias corrections 1 − βᵗ, and ε.</summary>
public readonly record struct AdamCoefficients(float Beta1, float Beta2, float Correction1, float Correction2, float Epsilon);

/// <summary>The constants of GELU and of its approximation by tanh (Hendrycks, Gimpel 2016, section 2).</summary>
public static class GeluConstants
{
    /// <summary>√(2/π).</summary>
    public const float Scale = 0.7978845608f;

    /// <summary>The coefficient of x³.</summary>
    public const float Cubic = 0.044715f;

    /// <summary>1 / √2.</summary>
    public const float HalfRoot = 0.70710678f;

    /// <summary>1 / √(2π), the density of the standard normal distribution at 0.</summary>
    public const float Density = 0.39894228f;
}
