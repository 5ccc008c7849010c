using System.Collections.Immutable;
using System.Globalization;

namespace Makemore;

/// <summary>Reads runs for the live page.</summary>
internal static class LiveRuns
{
    // The page stays readable, and is made in a moment.
    private const int MaxRuns = 8;

    private const string LoadFile = "/proc/loadavg";

    /// <summary>The runs in some folders, last written first.</summary>
    public static LivePage Read(IEnumerable<string> folders) => new(
    [
        .. from metrics in folders.SelectMany(Find).Distinct()
           let time = File.GetLastWriteTimeUtc(metrics)
           orderby time descending
           select (metrics, time) into found
           let lines = InputFile.ReadLines(found.metrics).IfLeft([])
           select new LiveRun(
               Path.GetDirectoryName(found.metrics)!, MetricsSink.CurvesIn(lines), Samples(lines), DateTime.UtcNow - found.time),
    ], Load);

    /// <summary>The mean number of threads that wanted to run in the last minute; null where the system does not say.</summary>
    private static double? Load => File.Exists(LoadFile)
        && double.TryParse(File.ReadAllText(LoadFile).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : null;

    private static IEnumerable<string> Find(string folder) => Directory
        .EnumerateFiles(folder, WorkFiles.MetricsFile, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
        .OrderByDescending(File.GetLastWriteTimeUtc).Take(MaxRuns);

    private static ImmutableArray<string> Samples(string[] lines) =>
        JsonFile.InLines<SampledMetrics>(lines) is [.., var last] ? [.. last.Samples] : [];
}
