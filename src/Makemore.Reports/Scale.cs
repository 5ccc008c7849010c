using System.Collections.Immutable;

namespace Makemore;

/// <summary>Maps values to coordinates along an axis, with ticks at round numbers: multiples of 1, 2 or 5 times a power of
/// ten.</summary>
/// <param name="Low">The value at the start of the axis.</param>
/// <param name="High">The value at its end, greater than Low.</param>
/// <param name="Step">The distance between ticks.</param>
/// <param name="From">The coordinate of Low.</param>
/// <param name="To">The coordinate of High.</param>
public sealed record Scale(double Low, double High, double Step, double From = 0, double To = 1)
{
    // Beyond these, differences overflow or vanish; nothing that is measured gets there.
    private const double Largest = 1e150, Smallest = 1e-150;

    /// <summary>The scale from round number to round number that contains all finite values, with about a number of
    /// ticks.</summary>
    public static Scale Of(IEnumerable<double> values, int ticks, bool fromZero = false)
    {
        var finite = values.Where(value => Math.Abs(value) < Largest).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        if (fromZero)
            (low, high) = (Math.Min(0, low), Math.Max(0, high));
        if (high - low <= Math.Max(Smallest, 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high))))
            (low, high) = Math.Abs(low) <= Smallest ? (0, 1) : (low - (Math.Abs(low) / 4), high + (Math.Abs(high) / 4));
        var step = Round((high - low) / Math.Max(1, ticks));
        return new(Math.Floor((low / step) + 1e-9) * step, Math.Ceiling((high / step) - 1e-9) * step, step);
    }

    /// <summary>The scale that also contains the error bars of the values, where these are finite.</summary>
    public static Scale Of(IEnumerable<(double Value, double Error)> values, int ticks, bool fromZero = false) =>
        Of(values.SelectMany(pair => new[] { pair.Value, pair.Value - pair.Error, pair.Value + pair.Error }), ticks, fromZero);

    /// <summary>The same scale between two coordinates.</summary>
    public Scale Between(double from, double to) => this with { From = from, To = to };

    /// <summary>The coordinate of a value.</summary>
    public double At(double value) => From + ((To - From) * (value - Low) / (High - Low));

    /// <summary>The values of the ticks, with their labels.</summary>
    public ImmutableArray<(double Value, string Label)> Ticks
    {
        get
        {
            var scale = this;
            var first = (long)Math.Round(Low / Step);
            return
            [
                .. Enumerable.Range(0, (int)Math.Round((High - Low) / Step) + 1)
                    .Select(i => (first + i) * scale.Step).Select(value => (value, scale.Label(value))),
            ];
        }
    }

    /// <summary>As many decimals as distinguish two ticks; millions and small numbers in scientific notation.</summary>
    private string Label(double value)
    {
        var largest = Math.Max(Math.Abs(Low), Math.Abs(High));
        var digits = Math.Max(0, (int)Math.Ceiling(-Math.Log10(Step) - 1e-9));
        return value == 0 ? "0"
            : largest is >= 1e6 or < 1e-3 ? Numbers.Show(value, "0.##e+0")
            : Numbers.Show(value, "#,0." + new string('0', digits));
    }

    private static double Round(double step)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        return power * ((step / power) switch { <= 1.0000001 => 1, <= 2.0000001 => 2, <= 5.0000001 => 5, _ => 10 });
    }
}
