using System.Globalization;

namespace Makemore;

/// <summary>Formats numbers for people.</summary>
internal static class Numbers
{
    /// <summary>A number in a .NET format, independent of the culture; empty if it is not finite.</summary>
    public static string Show(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";

    /// <summary>A loss in nats or bits.</summary>
    public static string Nats(double value) =>
        double.IsNaN(value) ? "not a number" : double.IsInfinity(value) ? "infinite" : Show(value, "0.0000");

    /// <summary>A perplexity, in scientific notation from a million on.</summary>
    public static string Perplexity(LossSummary loss) => !double.IsFinite(loss.Perplexity) ? Nats(loss.Perplexity)
        : Show(loss.Perplexity, loss.Perplexity < 1e6 ? "0.00" : "0.0e+0");

    /// <summary>A loss in bits, with its standard error if it is finite.</summary>
    public static string Bits(LossSummary loss) => Show(
        loss with { Nats = loss.Bits, StandardError = loss.StandardError * (loss.Bits / loss.Nats) });

    /// <summary>A loss in nats, with its standard error if it is finite.</summary>
    public static string Show(LossSummary loss) =>
        $"{Nats(loss.Nats)}{(double.IsFinite(loss.StandardError) ? $" ± {Show(loss.StandardError, "0.0000")}" : "")}";
}
