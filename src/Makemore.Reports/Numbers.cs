using System.Globalization;

namespace Makemore;

/// <summary>How numbers are shown to a person.</summary>
internal static class Numbers
{
    /// <summary>A number in a format of the framework's, with a point, whatever the language; nothing where it is none.</summary>
    public static string Show(double value, string format) =>
        double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "";

    /// <summary>A loss in nats, with its standard error where it has one.</summary>
    public static string Show(LossSummary loss) =>
        $"{Show(loss.Nats, "0.0000")}{(double.IsFinite(loss.StandardError) ? $" ± {Show(loss.StandardError, "0.0000")}" : "")}";
}
