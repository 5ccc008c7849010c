using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A point of a line, and the standard error of its Y, if known.</summary>
public sealed record ChartPoint(double X, double Y, double Error = double.NaN);

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">The points, from left to right; one that is not finite is a gap.</param>
/// <param name="IsReference">Whether the line is a reference, such as a rule of thumb or chance level.</param>
public sealed record ChartLine(string Name, ImmutableArray<ChartPoint> Points, bool IsReference = false);

/// <summary>Lines, with the standard errors of their points.</summary>
/// <param name="Title">The title.</param>
/// <param name="XTitle">The title of the x axis, with its unit.</param>
/// <param name="YTitle">The title of the y axis, with its unit.</param>
/// <param name="Lines">The lines.</param>
public sealed record LineChart(string Title, string XTitle, string YTitle, ImmutableArray<ChartLine> Lines) : Figure(Title)
{
    private const int Ticks = 5, MaxDots = 60;

    /// <inheritdoc/>
    public override bool IsEmpty => !Lines.Any(line => !line.IsReference && Finite(line).Any());

    /// <inheritdoc/>
    public override string Description => string.Join("; ", Lines.Where(line => Finite(line).Any()).Select(Describe)) + ".";

    /// <inheritdoc/>
    public override ImmutableArray<LegendEntry> Legend => Lines.Length < 2 ? [] : [.. Lines.Select(Entry)];

    /// <inheritdoc/>
    public override DataTable Data
    {
        get
        {
            var columns = Lines.Select(line => line.Points.ToLookup(point => point.X)).ToArray();
            var rows = Lines.SelectMany(line => line.Points.Select(point => point.X)).Distinct().Order();
            return new(
                Title, [XTitle, .. Lines.Select(line => line.Name)],
                [
                    .. rows.Select(x => (ImmutableArray<string>)
                    [
                        Number(x),
                        .. columns.Select(column => column[x].FirstOrDefault() is { } point ? Number(point.Y, point.Error) : ""),
                    ]),
                ]);
        }
    }

    /// <inheritdoc/>
    protected override (double Width, double Height) Size => (Frame.Width, Frame.Height);

    /// <inheritdoc/>
    protected override string Draw()
    {
        var points = Lines.SelectMany(Finite).ToArray();
        var frame = Frame.Of(
            Scale.Of(points.Select(point => point.X), Ticks), Scale.Of(points.Select(point => (point.Y, point.Error)), Ticks), XTitle, YTitle);
        return frame.Draw() + string.Concat(Lines.Select((line, i) => Draw(frame, line, Entry(line, i))));
    }

    private string Draw(Frame frame, ChartLine line, LegendEntry entry)
    {
        var path = string.Concat(line.Points.Select((point, i) => !double.IsFinite(point.Y) ? ""
            : $"{(i == 0 || !double.IsFinite(line.Points[i - 1].Y) ? "M" : "L")}{Place(frame, point)}"));
        var bars = string.Concat(Finite(line).Where(point => double.IsFinite(point.Error)).Select(point =>
            $"M{Place(frame, point with { Y = point.Y - point.Error })}V{At(frame.Y.At(point.Y + point.Error))}"));
        return $"<path class=\"{entry.Stroke}\" d=\"{path}\"/>\n"
            + (bars.Length > 0 ? $"<path class=\"{entry.Stroke} error\" d=\"{bars}\"/>\n" : "")
            + (line.IsReference ? "" : string.Concat(Finite(line).Select(point => Dot(frame, line, point, entry))));
    }

    /// <summary>A dot with a tooltip; on a line with many points it appears only under the pointer.</summary>
    private string Dot(Frame frame, ChartLine line, ChartPoint point, LegendEntry entry) => Mark(
        $"<circle cx=\"{At(frame.X.At(point.X))}\" cy=\"{At(frame.Y.At(point.Y))}\" r=\"3\"",
        $"{entry.Fill}{(line.Points.Length > MaxDots ? " faint" : "")}",
        $"{line.Name}: {Number(point.Y, point.Error)} at {XTitle} {Number(point.X)}");

    private static string Place(Frame frame, ChartPoint point) => $"{At(frame.X.At(point.X))} {At(frame.Y.At(point.Y))}";

    private static LegendEntry Entry(ChartLine line, int i) => new(line.Name, i, line.IsReference);

    private static IEnumerable<ChartPoint> Finite(ChartLine line) =>
        line.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y));

    private static string Describe(ChartLine line)
    {
        var points = Finite(line).ToArray();
        return $"{line.Name}: {points.Length} points, from {Number(points[0].Y)} at {Number(points[0].X)} to "
            + $"{Number(points[^1].Y)} at {Number(points[^1].X)}, lowest {Number(points.Min(point => point.Y))}, "
            + $"highest {Number(points.Max(point => point.Y))}";
    }
}
