namespace Makemore;

/// <summary>Initializations of weights (out, in, …) by name. Dimensions after the second are a convolution's kernel.</summary>
public static class Initializations
{
    /// <summary>Uniform in ±gain √(6 / (in + out)): Glorot, Bengio: "Understanding the difficulty of training deep feedforward
    /// neural networks", 2010, equation 16.</summary>
    public static Tensor XavierUniform(Key key, Shape shape, float gain = 1)
    {
        var (inputs, outputs) = Fans("XavierUniform", shape);
        return Within(key, shape, gain * MathF.Sqrt(6f / (inputs + outputs)));
    }

    /// <summary>Normal with standard deviation gain √(2 / (in + out)): Glorot, Bengio 2010, equation 12.</summary>
    public static Tensor XavierNormal(Key key, Shape shape, float gain = 1)
    {
        var (inputs, outputs) = Fans("XavierNormal", shape);
        return Tensor.Normal(key, shape) * (gain * MathF.Sqrt(2f / (inputs + outputs)));
    }

    /// <summary>Uniform in ±gain √(3 / in), by default for what relu follows: He, Zhang, Ren, Sun: "Delving deep into
    /// rectifiers", 2015, equation 10.</summary>
    public static Tensor KaimingUniform(Key key, Shape shape, float gain = 1.41421356f) =>
        Within(key, shape, gain * MathF.Sqrt(3f / Fans("KaimingUniform", shape).In));

    /// <summary>Normal with standard deviation gain / √in, by default for what relu follows: He, Zhang, Ren, Sun 2015, equation
    /// 10.</summary>
    public static Tensor KaimingNormal(Key key, Shape shape, float gain = 1.41421356f) =>
        Tensor.Normal(key, shape) * (gain / MathF.Sqrt(Fans("KaimingNormal", shape).In));

    /// <summary>A random matrix with orthogonal rows or columns of length gain: Saxe, McClelland, Ganguli: "Exact solutions to
    /// the nonlinear dynamics of learning in deep linear neural networks", 2014, section 3.</summary>
    /// <remarks>The shorter side's normally distributed vectors are made orthogonal one by one, twice over for precision
    /// (Gram-Schmidt), which gives each orthogonal matrix the same density.</remarks>
    public static Tensor Orthogonal(Key key, Shape shape, float gain = 1)
    {
        _ = Fans("Orthogonal", shape);
        var (rows, columns) = (shape[0], shape.Size / Math.Max(1, shape[0]));
        var (count, size) = (Math.Min(rows, columns), Math.Max(rows, columns));
        var draws = key.Normals(count * size);
        var vectors = new double[count][];
        for (var i = 0; i < count; i++)
        {
            var drawn = Array.ConvertAll(draws[(i * size)..((i + 1) * size)], value => (double)value);
            vectors[i] = Orthonormal(drawn, vectors.AsSpan(0, i));
        }
        var whole = Tensor.Of([.. vectors.SelectMany(vector => vector).Select(value => (float)(gain * value))], [count, size]);
        return (rows <= columns ? whole : whole.Transpose(0, 1)).Reshape(shape.Sizes);
    }

    private static double[] Orthonormal(double[] vector, ReadOnlySpan<double[]> others)
    {
        for (var pass = 0; pass < 2; pass++)
            foreach (var other in others)
            {
                var share = Product(vector, other);
                for (var i = 0; i < vector.Length; i++)
                    vector[i] -= share * other[i];
            }
        var length = Math.Sqrt(Product(vector, vector));
        return Array.ConvertAll(vector, value => value / length);
    }

    private static double Product(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static Tensor Within(Key key, Shape shape, float bound) => Tensor.Uniform(key, shape, -bound, bound);

    private static (int In, int Out) Fans(string name, Shape shape) => shape.Rank >= 2
        ? (shape[1..].Size, shape[0] * shape[2..].Size)
        : throw new ArgumentException($"{name}: {shape} is not (out, in, …).");
}
