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
           let folder = Path.GetDirectoryName(found.metrics)!
           select new LiveRun(
               folder, MetricsSink.Read(found.metrics).IfLeft(LearningCurves.None), Samples(found.metrics), DateTime.UtcNow - found.time),
    ], Load);

    /// <summary>The mean number of threads that wanted to run in the last minute; null where the system does not say.</summary>
    private static double? Load => File.Exists(LoadFile)
        && double.TryParse(File.ReadAllText(LoadFile).Split(' ')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out var load) ? load : null;

    private static IEnumerable<string> Find(string folder) => Directory
        .EnumerateFiles(folder, RunContext.MetricsFile, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
        .OrderByDescending(File.GetLastWriteTimeUtc).Take(MaxRuns);

    private static ImmutableArray<string> Samples(string metrics) => JsonFile.ReadLines<SampledMetrics>(metrics)
        .Match(lines => lines is [.., var last] ? [.. last.Samples] : ImmutableArray<string>.Empty, _ => []);
}
