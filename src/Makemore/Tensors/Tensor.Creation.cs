namespace Makemore;

/// <summary>Tensors made of nothing but a shape and a key.</summary>
public sealed partial class Tensor
{
    /// <summary>The integers 0 … count − 1: (count).</summary>
    public static Tensor Range(int count, IEngine? engine = null) => Range(0, count, 1, engine);

    /// <summary>The integers start, start + step, … before end, or after it where step is negative: (n).</summary>
    /// <exception cref="ArgumentException">The step is 0.</exception>
    public static Tensor Range(int start, int end, int step = 1, IEngine? engine = null)
    {
        if (step == 0)
            throw new ArgumentException($"Tensor.Range: the step from {start} to {end} is 0.");
        var count = (int)Math.Max(0, (((long)end - start) + step - Math.Sign(step)) / step);
        return Of([.. Enumerable.Range(0, count).Select(i => start + (i * step))], [count], engine);
    }

    /// <summary>Independent normally distributed numbers of mean 0 and standard deviation 1.</summary>
    public static Tensor Normal(Key key, Shape shape, IEngine? engine = null) => Of(key.Normals(shape.Size), shape, engine);

    /// <summary>Independent numbers uniform in [low, high).</summary>
    public static Tensor Uniform(Key key, Shape shape, float low = 0, float high = 1, IEngine? engine = null) =>
        Of(key.Uniforms(shape.Size, low, high), shape, engine);

    /// <summary>The integers 0 … count − 1 in random order: (count).</summary>
    public static Tensor Permutation(Key key, int count, IEngine? engine = null)
    {
        var order = new Permutation(key, Math.Max(1, count));
        return Of([.. Enumerable.Range(0, count).Select(i => (int)order[i])], [count], engine);
    }
}
