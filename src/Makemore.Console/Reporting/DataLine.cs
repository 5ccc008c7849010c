using System.Globalization;

namespace Makemore;

/// <summary>The line that shows how the words are split, and how many test words are also in the training set.</summary>
internal static class DataLine
{
    /// <summary>The line for a split.</summary>
    public static string Of(SplitReport report)
    {
        var distinct = report.Distinct is null ? "" : $" ({report.Distinct} distinct)";
        var validation = report.Validation > 0 ? $"{report.Validation} validation, " : "";
        return $"data: {report.Words} words{distinct}, {report.Train} train, {validation}{report.Test} test; {Leak(report)}";
    }

    private static string Leak(SplitReport report) => report.Leaked switch
    {
        null => $"with more than {SplitReport.MaxTested} test words, overlap with train is not counted",
        0 => "no test word is also in train",
        1 => $"1 test word ({Percent(report)} %) is also in train: {Remedies.LeakedWords(report)}",
        var leaked => $"{leaked} test words ({Percent(report)} %) are also in train: {Remedies.LeakedWords(report)}",
    };

    private static string Percent(SplitReport report) =>
        (100.0 * report.Leaked!.Value / report.Test).ToString("0.0", CultureInfo.InvariantCulture);
}
