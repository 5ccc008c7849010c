using System.Globalization;

namespace Makemore;

/// <summary>Formats numbers for people.</summary>
internal static class Numbers
{
    /// <summary>A number in a .NET format, independent of the culture; empty if it is not finite.</summary>
    public static string Show(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";

    /// <summary>A loss in nats, with its standard error if it is finite.</summary>
    public static string Show(LossSummary loss) =>
        $"{Show(loss.Nats, "0.0000")}{(double.IsFinite(loss.StandardError) ? $" ± {Show(loss.StandardError, "0.0000")}" : "")}";
}
