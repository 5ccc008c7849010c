using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A series of a bar chart: one value per category.</summary>
/// <param name="Name">The name of the series.</param>
/// <param name="Values">The values, in the order of the categories; one that is not finite is not drawn.</param>
/// <param name="Errors">Their standard errors, if known.</param>
public sealed record BarSeries(string Name, ImmutableArray<double> Values, ImmutableArray<double> Errors = default)
{
    /// <summary>The standard error of a category's value; NaN if it is unknown.</summary>
    public double Error(int category) => Errors.IsDefaultOrEmpty ? double.NaN : Errors[category];
}

/// <summary>Values by category, with standard errors: bars from zero, or dots if the scale starts elsewhere, because the length
/// of a bar that does not start at zero misleads. Bars are horizontal if the category names are long, otherwise
/// vertical.</summary>
/// <param name="Title">The title.</param>
/// <param name="CategoryTitle">What the categories are.</param>
/// <param name="ValueTitle">What the values are, with their unit.</param>
/// <param name="Categories">The names of the categories.</param>
/// <param name="Series">The values: one series, or several side by side.</param>
public sealed record BarChart(
    string Title, string CategoryTitle, string ValueTitle, ImmutableArray<string> Categories, ImmutableArray<BarSeries> Series)
    : Figure(Title)
{
    private const int Ticks = 5, MaxLabelLength = 18, RowHeight = 18, MaxVerticalLabelWidth = 30, MaxVertical = 60;

    /// <summary>Whether the values are bars from zero; if not, they are dots.</summary>
    public bool IsFromZero { get; init; } = true;

    /// <inheritdoc/>
    public override bool IsEmpty => !Series.Any(HasValues);

    /// <inheritdoc/>
    public override string Description => string.Join("; ", Series.Where(HasValues).Select(Describe)) + ".";

    /// <inheritdoc/>
    public override ImmutableArray<LegendEntry> Legend =>
        Series.Length < 2 ? [] : [.. Series.Select((series, i) => new LegendEntry(series.Name, i))];

    /// <inheritdoc/>
    public override DataTable Data => new(
        Title, [CategoryTitle, .. Series.Select(series => series.Name)],
        [
            .. Categories.Select((category, i) => (ImmutableArray<string>)
                [category, .. Series.Select(series => Number(series.Values[i], series.Error(i)))]),
        ]);

    /// <inheritdoc/>
    protected override (double Width, double Height) Size =>
        (Frame.Width, IsHorizontal ? 50 + (Categories.Length * Band) : Frame.Height);

    // Labels of one letter or a number may be thinned out under vertical bars; others may not.
    private bool IsHorizontal =>
        LabelWidth > Math.Max(MaxVerticalLabelWidth, (Frame.Width - 50) / Categories.Length) || Categories.Length > MaxVertical;

    private double LabelWidth => Categories.Max(category => Width(category, Frame.Letter));

    private double Band => (RowHeight * (IsFromZero ? Series.Length : 1)) + 6;

    private Scale Values => Scale.Of(
        Series.SelectMany(series => series.Values.Select((value, i) => (value, series.Error(i)))), Ticks, IsFromZero);

    /// <inheritdoc/>
    protected override string Draw() => IsHorizontal ? DrawHorizontal() : DrawVertical();

    private string DrawVertical()
    {
        var frame = Frame.Of(new(0, Categories.Length, 1), Values, CategoryTitle, ValueTitle);
        var every = (int)Math.Ceiling((LabelWidth + 1) * Categories.Length / (frame.X.To - frame.X.From));
        var labels = Categories.Select((category, i) =>
            i % every > 0 ? "" : Text(frame.X.At(i + 0.5), frame.Y.From + 18, category, "middle"));
        return frame.Draw(hasXTicks: false) + string.Concat(labels) + Marks(frame.X, frame.Y, isHorizontal: false);
    }

    private string DrawHorizontal()
    {
        var left = Categories.Max(category => Width(Truncate(category, MaxLabelLength), Frame.Letter)) + 8;
        var (scale, end) = (Values.Between(left, Frame.Width - 16), Size.Height - 40);
        var ticks = scale.Ticks.Select(tick =>
            $"<path class=\"grid\" d=\"M{At(scale.At(tick.Value))} 4V{At(end)}\"/>"
            + Text(scale.At(tick.Value), end + 17, tick.Label, "middle"));
        var labels = Categories.Select((category, i) =>
            Text(left - 6, 4 + ((i + 0.5) * Band) + 4, Truncate(category, MaxLabelLength), "end"));
        return string.Concat(ticks) + string.Concat(labels) + Text(scale.To, Size.Height - 5, ValueTitle, "axis end")
            + Marks(new(0, Categories.Length, 1, 4, 4 + (Categories.Length * Band)), scale, isHorizontal: true);
    }

    /// <summary>A mark for each value. A category is one unit long on its scale; its bars are side by side, its dots share its
    /// middle.</summary>
    private string Marks(Scale categories, Scale values, bool isHorizontal) => string.Concat(
        from category in Enumerable.Range(0, Categories.Length)
        from series in Enumerable.Range(0, Series.Length)
        where double.IsFinite(Series[series].Values[category])
        let width = IsFromZero ? 0.8 / Series.Length : 0.8
        let begin = category + 0.1 + (IsFromZero ? series * width : 0)
        select Draw(categories.At(begin), categories.At(begin + width) - 1, values, isHorizontal, category, series));

    private string Draw(double from, double to, Scale scale, bool isHorizontal, int category, int series)
    {
        var (value, error) = (Series[series].Values[category], Series[series].Error(category));
        var (place, zero, middle) = (scale.At(value), scale.At(Math.Clamp(0, scale.Low, scale.High)), (from + to) / 2);
        var tip = $"{Categories[category]}{(Series.Length > 1 ? $", {Series[series].Name}" : "")}: {Number(value, error)}";
        var fill = new LegendEntry("", series).Fill;
        var mark = !IsFromZero ? Mark($"<circle {Coordinates("cx", "cy", middle, place, isHorizontal)} r=\"3.5\"", fill, tip)
            : isHorizontal ? Mark(Box(Math.Min(place, zero), from, Math.Max(0.5, Math.Abs(place - zero)), to - from), fill, tip)
            : Mark(Box(from, Math.Min(place, zero), to - from, Math.Max(0.5, Math.Abs(place - zero))), fill, tip);
        return double.IsFinite(error)
            ? mark + Whisker(middle, scale.At(value - error), scale.At(value + error), isHorizontal)
            : mark;
    }

    private static string Box(double x, double y, double width, double height) =>
        $"<rect x=\"{At(x)}\" y=\"{At(y)}\" width=\"{At(width)}\" height=\"{At(height)}\"";

    private static string Coordinates(string x, string y, double across, double along, bool isHorizontal) => isHorizontal
        ? $"{x}=\"{At(along)}\" {y}=\"{At(across)}\""
        : $"{x}=\"{At(across)}\" {y}=\"{At(along)}\"";

    private static string Whisker(double across, double from, double to, bool isHorizontal) =>
        $"<path class=\"whisker\" d=\"M{(isHorizontal ? $"{At(from)} {At(across)}H{At(to)}" : $"{At(across)} {At(from)}V{At(to)}")}\"/>\n";

    private static bool HasValues(BarSeries series) => series.Values.Any(double.IsFinite);

    private string Describe(BarSeries series)
    {
        var values = Categories.Zip(series.Values, (Name, Value) => (Name, Value))
            .Where(pair => double.IsFinite(pair.Value)).ToArray();
        var (lowest, highest) = (values.MinBy(pair => pair.Value), values.MaxBy(pair => pair.Value));
        return $"{series.Name}: {values.Length} categories, lowest {lowest.Name} with {Number(lowest.Value)}, "
            + $"highest {highest.Name} with {Number(highest.Value)}";
    }
}
