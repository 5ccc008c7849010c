namespace Makemore;

public static partial class Primitives
{
    /// <summary>eˣ.</summary>
    public static Tensor Exp(Tensor x) => Primitive(x, x.Engine.Exp(Float("Exp", x)), (g, _, y) => g * y);

    /// <summary>The natural logarithm.</summary>
    public static Tensor Log(Tensor x) => Primitive(x, x.Engine.Log(Float("Log", x)), (g, x, _) => g / x);

    /// <summary>The square root.</summary>
    public static Tensor Sqrt(Tensor x) => Primitive(x, x.Engine.Sqrt(Float("Sqrt", x)), (g, _, y) => g / (y * 2));

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

    /// <summary>exp(x) / Σ exp(x) over the last dimension.</summary>
    public static Tensor Softmax(Tensor x) => Primitive(
        x, x.Engine.Softmax(Rows("Softmax", x)),
        (g, _, y) => Flat(g.Region, g.Engine.SoftmaxPullback(g.Raw, y.Raw)));

    /// <summary>ln softmax(x) over the last dimension, without overflow.</summary>
    public static Tensor LogSoftmax(Tensor x) => Primitive(
        x, x.Engine.LogSoftmax(Rows("LogSoftmax", x)),
        (g, _, y) => Flat(g.Region, g.Engine.LogSoftmaxPullback(g.Raw, y.Raw)));

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
