namespace Makemore;

public static partial class Primitives
{
    /// <summary>eˣ.</summary>
    public static Tensor Exp(Tensor x) => Primitive(x, x.Engine.Exp(Float("Exp", x)), (g, _, y) => g * y);

    /// <summary>The natural logarithm.</summary>
    public static Tensor Log(Tensor x) => Primitive(x, x.Engine.Log(Float("Log", x)), (g, x, _) => g / x);

    /// <summary>The square root.</summary>
    public static Tensor Sqrt(Tensor x) => Primitive(x, x.Engine.Sqrt(Float("Sqrt", x)), (g, _, y) => g / (y * 2));

    /// <summary>1 / √x.</summary>
    public static Tensor Rsqrt(Tensor x) => 1 / Sqrt(x);

    /// <summary>|x|; the slope at 0 is 0.</summary>
    public static Tensor Abs(Tensor x) => x.Type == ElementType.Int32
        ? Maximum(x, -x)
        : Primitive(x, x.Engine.Abs(x.Raw), (g, x, _) => g * Sign(x));

    /// <summary>−1 below 0, 1 above 0, 0 elsewhere; no gradient.</summary>
    public static Tensor Sign(Tensor x) => x.Type == ElementType.Int32
        ? Minimum(Maximum(x, -1), 1)
        : Flat(x.Region, x.Engine.Sign(x.Raw));

    /// <summary>The sine of an angle in radians.</summary>
    public static Tensor Sin(Tensor x) => Primitive(x, x.Engine.Sin(Float("Sin", x)), (g, x, _) => g * Cos(x));

    /// <summary>The cosine of an angle in radians.</summary>
    public static Tensor Cos(Tensor x) => Primitive(x, x.Engine.Cos(Float("Cos", x)), (g, x, _) => -(g * Sin(x)));

    /// <summary>The error function, 2/√π ∫₀ˣ exp(−t²) dt.</summary>
    public static Tensor Erf(Tensor x) => Primitive(
        x, x.Engine.Erf(Float("Erf", x)),
        (g, x, _) => g * (Exp(-(x * x)) * 1.12837917f));

    /// <summary>x to a constant power; a negative x needs an integer exponent.</summary>
    public static Tensor Power(Tensor x, float exponent) => Primitive(
        x, x.Engine.Power(Float("Power", x), exponent),
        (g, x, _) => g * (Power(x, exponent - 1) * exponent));

    /// <summary>The hyperbolic tangent.</summary>
    public static Tensor Tanh(Tensor x) => Primitive(
        x, x.Engine.Tanh(Float("Tanh", x)),
        (g, _, y) => Flat(g.Region, g.Engine.TanhPullback(g.Raw, y.Raw)));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Primitive(
        x, x.Engine.Sigmoid(Float("Sigmoid", x)),
        (g, _, y) => Flat(g.Region, g.Engine.SigmoidPullback(g.Raw, y.Raw)));

    /// <summary>max(x, 0); the slope at 0 is 0.</summary>
    public static Tensor Relu(Tensor x) => Primitive(
        x, x.Engine.Relu(Float("Relu", x)),
        (g, x, _) => g * Greater(x, ZerosLike(x)));

    /// <summary>The Gaussian error linear unit in its tanh form, ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))): Hendrycks,
    /// Gimpel 2016, section 2, as in GPT-2.</summary>
    public static Tensor Gelu(Tensor x) => Primitive(
        x, x.Engine.Gelu(Float("Gelu", x)),
        (g, x, _) => Flat(g.Region, g.Engine.GeluPullback(g.Raw, x.Raw)));

    /// <summary>The Gaussian error linear unit, x Φ(x) = ½ x (1 + erf(x / √2)): Hendrycks, Gimpel: "Gaussian error linear units
    /// (GELUs)", 2016, section 2.</summary>
    public static Tensor GeluExact(Tensor x) => Primitive(
        x, x.Engine.GeluExact(Float("GeluExact", x)),
        (g, x, _) => Flat(g.Region, g.Engine.GeluExactPullback(g.Raw, x.Raw)));

    /// <summary>The sigmoid linear unit, x / (1 + e⁻ˣ), also called swish: Elfwing, Uchibe, Doya: "Sigmoid-weighted linear units
    /// for neural network function approximation in reinforcement learning", 2018, equation 8.</summary>
    public static Tensor Silu(Tensor x) => Primitive(
        x, x.Engine.Silu(Float("Silu", x)),
        (g, x, _) => Flat(g.Region, g.Engine.SiluPullback(g.Raw, x.Raw)));

    /// <summary>ln(1 + eˣ), without overflow: Dugas, Bengio, Bélisle, Nadeau, Garcia: "Incorporating second-order functional
    /// knowledge for better option pricing", 2000.</summary>
    public static Tensor Softplus(Tensor x) => Primitive(
        x, x.Engine.Softplus(Float("Softplus", x)),
        (g, x, _) => g * Sigmoid(x));

    /// <summary>exp(x) / Σ exp(x) over the last dimension.</summary>
    public static Tensor Softmax(Tensor x) => Primitive(
        x, x.Engine.Softmax(Rows("Softmax", x)),
        (g, _, y) => Flat(g.Region, g.Engine.SoftmaxPullback(g.Raw, y.Raw)));

    /// <summary>ln softmax(x) over the last dimension, without overflow.</summary>
    public static Tensor LogSoftmax(Tensor x) => Primitive(
        x, x.Engine.LogSoftmax(Rows("LogSoftmax", x)),
        (g, _, y) => Flat(g.Region, g.Engine.LogSoftmaxPullback(g.Raw, y.Raw)));

    /// <summary>exp(x) / Σ exp(x) over one dimension.</summary>
    public static Tensor Softmax(Tensor x, int axis) => OverLast("Softmax", x, axis, Softmax);

    /// <summary>exp(x) / Σ exp(x), the sum over several dimensions.</summary>
    public static Tensor Softmax(Tensor x, ReadOnlySpan<int> axes) => Over("Softmax", x, axes, Softmax);

    /// <summary>ln softmax(x) over one dimension, without overflow.</summary>
    public static Tensor LogSoftmax(Tensor x, int axis) => OverLast("LogSoftmax", x, axis, LogSoftmax);

    /// <summary>ln softmax(x) over several dimensions, without overflow.</summary>
    public static Tensor LogSoftmax(Tensor x, ReadOnlySpan<int> axes) => Over("LogSoftmax", x, axes, LogSoftmax);

    private static Tensor Over(string operation, Tensor x, ReadOnlySpan<int> axes, Func<Tensor, int, Tensor> function)
    {
        var merged = MergedAxes.Of(operation, x.Shape, axes);
        return merged.Restore(function(merged.Merge(x), merged.Axis));
    }

    private static Tensor OverLast(string operation, Tensor x, int axis, Func<Tensor, Tensor> function) =>
        x.Shape.Axis(operation, axis) == x.Shape.Rank - 1 ? function(x) : function(x.Transpose(axis, -1)).Transpose(axis, -1);

    /// <summary>(x − mean) / √(variance + ε) over the last dimension.</summary>
    public static Tensor Standardize(Tensor x, float epsilon) => Primitive(
        x, x.Engine.Standardize(Rows("Standardize", x), epsilon),
        (g, x, y) => Flat(g.Region, g.Engine.StandardizePullback(g.Raw, x.Raw, y.Raw, epsilon)));

    /// <summary>Causal mask: attention scores (…, T, S) with −∞ where a key is in a query's future. The T queries are the last of
    /// the S positions.</summary>
    /// <exception cref="ArgumentException">There are more queries than keys.</exception>
    public static Tensor MaskFuture(Tensor scores)
    {
        if (scores.Shape.Rank < 2 || scores.Shape[^2] > scores.Shape[^1])
            throw new ArgumentException($"MaskFuture: {scores.Shape} is not (…, T, S) with T ≤ S.");
        return Primitive(
            scores, scores.Engine.MaskFuture(Float("MaskFuture", scores), float.NegativeInfinity),
            (g, _, _) => Flat(g.Region, g.Engine.MaskFuture(g.Raw, 0)));
    }

    /// <summary>A float32 operand with at least one dimension.</summary>
    private static Raw Rows(string operation, Tensor x)
    {
        _ = x.Shape.Axis(operation, -1);
        return Float(operation, x);
    }
}
