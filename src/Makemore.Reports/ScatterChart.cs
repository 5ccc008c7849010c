using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A named point, and the standard errors of its coordinates, if known.</summary>
public sealed record ScatterPoint(string Name, double X, double Y, double XError = double.NaN, double YError = double.NaN);

/// <summary>Named points in a plane, with their standard errors.</summary>
/// <param name="Title">The title.</param>
/// <param name="XTitle">The title of the x axis, with its unit.</param>
/// <param name="YTitle">The title of the y axis, with its unit.</param>
/// <param name="Points">The points.</param>
public sealed record ScatterChart(string Title, string XTitle, string YTitle, ImmutableArray<ScatterPoint> Points) : Figure(Title)
{
    private const int Ticks = 5, MaxNameLength = 18;

    /// <summary>Whether names are single letters inside the points, instead of words next to them.</summary>
    public bool IsLettered { get; init; }

    /// <summary>Whether lower is better on both axes, and a line shows the Pareto front.</summary>
    public bool HasFront { get; init; }

    /// <inheritdoc/>
    public override bool IsEmpty => !Finite.Any();

    /// <inheritdoc/>
    public override string Description =>
        $"{Finite.Count()} points; {Range(XTitle, Finite.Select(point => point.X))}, "
        + $"{Range(YTitle, Finite.Select(point => point.Y))}"
        + (HasFront ? $"; on the Pareto front: {string.Join(", ", Front.Select(point => point.Name))}." : ".");

    /// <inheritdoc/>
    public override DataTable Data => new(
        Title, ["name", XTitle, YTitle],
        [
            .. Points.Select(point => (ImmutableArray<string>)
                [point.Name, Number(point.X, point.XError), Number(point.Y, point.YError)]),
        ]);

    /// <inheritdoc/>
    protected override (double Width, double Height) Size => (Frame.Width, IsLettered ? 330 : Frame.Height);

    /// <summary>The Pareto front, from left to right: the points to which no other is equal or better on both axes and better on
    /// one.</summary>
    internal IReadOnlyList<ScatterPoint> Front =>
    [
        .. Finite.Where(point => !Finite.Any(other =>
            other.X <= point.X && other.Y <= point.Y && (other.X < point.X || other.Y < point.Y))).OrderBy(point => point.X),
    ];

    private IEnumerable<ScatterPoint> Finite => Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y));

    /// <inheritdoc/>
    protected override string Draw()
    {
        var points = Finite.ToArray();
        var frame = Frame.Of(
            Scale.Of(points.Select(point => (point.X, point.XError)), Ticks),
            Scale.Of(points.Select(point => (point.Y, point.YError)), Ticks), XTitle, YTitle, Size.Height);
        var places = points.Select(point => (X: frame.X.At(point.X), Y: frame.Y.At(point.Y))).ToArray();
        return frame.Draw() + (HasFront ? Steps(frame) : "") + string.Concat(points.Select(point => Whiskers(frame, point)))
            + (IsLettered ? Lettered(points, places) : Named(points, places, frame));
    }

    /// <summary>The front as steps: the lowest Y up to each X.</summary>
    private string Steps(Frame frame)
    {
        var corners = Front.Select((point, i) => i == 0
            ? $"M{At(frame.X.At(point.X))} {At(frame.Y.At(point.Y))}"
            : $"H{At(frame.X.At(point.X))}V{At(frame.Y.At(point.Y))}");
        return $"<path class=\"line reference\" d=\"{string.Concat(corners)}\"/>\n";
    }

    private static string Lettered(ScatterPoint[] points, (double X, double Y)[] places) =>
        string.Concat(points.Zip(places, (point, place) =>
            Mark($"<circle cx=\"{At(place.X)}\" cy=\"{At(place.Y)}\" r=\"9\"", "bubble", Tip(point))
            + Text(place.X, place.Y + 4, point.Name, "middle letter")));

    private static string Named(ScatterPoint[] points, (double X, double Y)[] places, Frame frame)
    {
        var names = points.Select(point => Truncate(point.Name, MaxNameLength)).ToArray();
        var labels = LabelPlacement.Of(places, [.. names.Select(name => Width(name, Frame.Letter))], frame.X.To);
        return string.Concat(points.Select((point, i) =>
            Mark($"<circle cx=\"{At(places[i].X)}\" cy=\"{At(places[i].Y)}\" r=\"4.5\"", "f0", Tip(point))
            + Text(labels[i].X, labels[i].Y, names[i], "name")));
    }

    private static string Whiskers(Frame frame, ScatterPoint point)
    {
        var (x, y) = (At(frame.X.At(point.X)), At(frame.Y.At(point.Y)));
        var horizontal = double.IsFinite(point.XError)
            ? $"M{At(frame.X.At(point.X - point.XError))} {y}H{At(frame.X.At(point.X + point.XError))}"
            : "";
        var vertical = double.IsFinite(point.YError)
            ? $"M{x} {At(frame.Y.At(point.Y - point.YError))}V{At(frame.Y.At(point.Y + point.YError))}"
            : "";
        return horizontal.Length + vertical.Length == 0 ? "" : $"<path class=\"whisker\" d=\"{horizontal}{vertical}\"/>\n";
    }

    private static string Range(string title, IEnumerable<double> values) =>
        $"{title} from {Number(values.Min())} to {Number(values.Max())}";

    private static string Tip(ScatterPoint point) =>
        $"{point.Name}: {Number(point.X, point.XError)}, {Number(point.Y, point.YError)}";
}
