namespace Makemore.Tests;

/// <summary>The elementary functions compared with double precision; errors in units in the last place of the true
/// result.</summary>
public sealed class ElementaryTests
{
    private static readonly IEngine Engine = ManagedEngine.Default;

    private sealed record Function(
        string Name, Func<Raw, Raw> Fast, Func<double, double> True, double Ulp, float Low, float High);

    // Outside low … high results are subnormal, 0 or infinite, as the summaries specify.
    private static readonly Function[] Functions =
    [
        new("Exp", Engine.Exp, Math.Exp, 2, -87.336f, 88.7228f),
        new("Log", Engine.Log, Math.Log, 2, 0, float.MaxValue),
        new("Tanh", Engine.Tanh, Math.Tanh, 2, float.MinValue, float.MaxValue),
        new("Sigmoid", Engine.Sigmoid, x => 1 / (1 + Math.Exp(-x)), 3, -87.336f, float.MaxValue),
        new("Gelu", Engine.Gelu, Gelu, 4, -1, float.MaxValue),
        new("Gelu where e⁻²ᵘ is large", Engine.Gelu, Gelu, 96, -8, -1),
        new("Sin", Engine.Sin, Math.Sin, 2, float.MinValue, float.MaxValue),
        new("Cos", Engine.Cos, Math.Cos, 2, float.MinValue, float.MaxValue),
        new("Erf", Engine.Erf, Erf, 3, float.MinValue, float.MaxValue),
        new("Softplus", Engine.Softplus, Softplus, 5, -87.336f, float.MaxValue),
        new("Silu", Engine.Silu, x => x / (1 + Math.Exp(-x)), 4, -87.336f, float.MaxValue),
        new("GeluExact", Engine.GeluExact, GeluExact, 4, -1, float.MaxValue),
        new("GeluExact where Φ is small", Engine.GeluExact, GeluExact, 200, -12, -1),
    ];

    public static TheoryData<string> Names => [.. Functions.Select(function => function.Name)];

    public static TheoryData<string, float, float> Specials => new()
    {
        { "Exp", 0, 1 }, { "Exp", -0f, 1 }, { "Exp", float.Epsilon, 1 }, { "Exp", 89, float.PositiveInfinity },
        { "Exp", float.PositiveInfinity, float.PositiveInfinity }, { "Exp", float.NegativeInfinity, 0 },
        { "Exp", -88, 0 }, { "Exp", float.NaN, float.NaN }, { "Exp", float.MaxValue, float.PositiveInfinity },
        { "Exp", float.MinValue, 0 },
        { "Log", 0, float.NegativeInfinity }, { "Log", -0f, float.NegativeInfinity }, { "Log", 1, 0 },
        { "Log", float.PositiveInfinity, float.PositiveInfinity }, { "Log", -1, float.NaN }, { "Log", float.NaN, float.NaN },
        { "Log", float.NegativeInfinity, float.NaN }, { "Log", -float.Epsilon, float.NaN },
        { "Log", float.Epsilon, -103.27893f },
        { "Tanh", 0, 0 }, { "Tanh", float.Epsilon, float.Epsilon }, { "Tanh", 100, 1 }, { "Tanh", -100, -1 },
        { "Tanh", float.PositiveInfinity, 1 }, { "Tanh", float.NegativeInfinity, -1 }, { "Tanh", float.NaN, float.NaN },
        { "Sigmoid", 0, 0.5f }, { "Sigmoid", float.PositiveInfinity, 1 }, { "Sigmoid", float.NegativeInfinity, 0 },
        { "Sigmoid", -89, 0 }, { "Sigmoid", float.NaN, float.NaN },
        { "Gelu", 0, 0 }, { "Gelu", -50, 0 }, { "Gelu", 50, 50 }, { "Gelu", float.NaN, float.NaN },
        { "Gelu", float.PositiveInfinity, float.PositiveInfinity },
        { "Sin", 0, 0 }, { "Sin", float.Epsilon, float.Epsilon }, { "Sin", float.NaN, float.NaN },
        { "Sin", float.PositiveInfinity, float.NaN }, { "Sin", float.NegativeInfinity, float.NaN },
        { "Cos", 0, 1 }, { "Cos", float.NaN, float.NaN }, { "Cos", float.PositiveInfinity, float.NaN },
        { "Erf", 0, 0 }, { "Erf", 5, 1 }, { "Erf", -5, -1 }, { "Erf", float.PositiveInfinity, 1 },
        { "Erf", float.NegativeInfinity, -1 }, { "Erf", float.NaN, float.NaN },
        { "Softplus", 0, 0.6931472f }, { "Softplus", -88, 0 }, { "Softplus", 100, 100 }, { "Softplus", float.NaN, float.NaN },
        { "Softplus", float.PositiveInfinity, float.PositiveInfinity }, { "Softplus", float.NegativeInfinity, 0 },
        { "Silu", 0, 0 }, { "Silu", float.PositiveInfinity, float.PositiveInfinity }, { "Silu", float.NaN, float.NaN },
        { "GeluExact", 0, 0 }, { "GeluExact", -50, 0 }, { "GeluExact", 50, 50 }, { "GeluExact", float.NaN, float.NaN },
    };

    /// <summary>½ x (1 + tanh u) = x / (1 + e⁻²ᵘ), without the cancellation of the first form.</summary>
    internal static double Gelu(double x) =>
        x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>ln(1 + eˣ), by the series of ln where eˣ is small.</summary>
    internal static double Softplus(double x)
    {
        var (power, most) = (Math.Exp(-Math.Abs(x)), Math.Max(x, 0));
        return most + (power > 1e-4 ? Math.Log(1 + power) : power - (power * power / 2) + (power * power * power / 3));
    }

    /// <summary>The error function, by its series about 0 and by the continued fraction of its complement: Abramowitz, Stegun:
    /// "Handbook of mathematical functions", 1964, 7.1.6 and 7.1.14.</summary>
    internal static double Erf(double x) => Math.Abs(x) < 2.5
        ? Series(x)
        : x > 0 ? 1 - Complement(x) : Complement(-x) - 1;

    private static double GeluExact(double x)
    {
        var scaled = x / Math.Sqrt(2);
        return x / 2 * (x < -3 ? Complement(-scaled) : 1 + Erf(scaled));
    }

    private static double Series(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; n < 80; n++)
            sum += term *= 2 * x * x / ((2 * n) + 1);
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static double Complement(double x)
    {
        var fraction = x;
        for (var n = 200; n > 0; n--)
            fraction = x + (n / 2.0 / fraction);
        return double.IsNaN(x) ? x : Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction;
    }

    [Theory, MemberData(nameof(Names))]
    public void Function_OverItsRange_StaysWithinItsBound(string name)
    {
        var function = Functions.Single(function => function.Name == name);
        var values = Inputs().Where(x => x >= function.Low && x <= function.High).ToArray();
        var results = Apply(function, values);
        var (worst, at) = values.Zip(results, (x, y) => (Ulps(y, function.True(x)), x)).Max();
        Assert.True(worst <= function.Ulp, $"{name}({at:R}) is {worst:0.00} ulp off; the bound is {function.Ulp}");
    }

    [Theory, MemberData(nameof(Specials))]
    public void Function_AtSpecialValues_IsAsSpecified(string name, float x, float expected) =>
        Assert.Equal(expected, Apply(Functions.Single(function => function.Name == name), [x])[0]);

    private static float[] Apply(Function function, float[] values)
    {
        var result = new float[values.Length];
        Engine.Read(function.Fast(Engine.FromFloats(values, [values.Length])), result);
        return result;
    }

    /// <summary>Every 997th bit pattern, if it is a finite number.</summary>
    private static IEnumerable<float> Inputs()
    {
        for (var bits = (long)int.MinValue; bits <= int.MaxValue; bits += 997)
            if (BitConverter.Int32BitsToSingle((int)bits) is var x && float.IsFinite(x))
                yield return x;
    }

    private static double Ulps(float actual, double expected)
    {
        var size = Math.Max(Math.Abs(expected), 1.17549435e-38);
        return Math.Abs(actual - expected) / Math.ScaleB(1, Math.ILogB(size) - 23);
    }
}
