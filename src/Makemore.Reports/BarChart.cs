using System.Collections.Immutable;
using static Makemore.Html;

namespace Makemore;

/// <summary>A number for each category of a chart.</summary>
/// <param name="Name">What they are.</param>
/// <param name="Values">The numbers, in the order of the categories; what is not finite is left out.</param>
/// <param name="Errors">Their standard errors, where they have any.</param>
public sealed record BarSeries(string Name, ImmutableArray<double> Values, ImmutableArray<double> Errors = default)
{
    /// <summary>The standard error of a category's number; not a number where there is none.</summary>
    public double Error(int category) => Errors.IsDefaultOrEmpty ? double.NaN : Errors[category];
}

/// <summary>Numbers by category, with their standard errors: bars from zero, or dots where zero is far away, because a bar
/// that does not begin at zero lies by its length. Long names stand beside bars that lie, short ones under bars that
/// stand.</summary>
/// <param name="Title">What is shown.</param>
/// <param name="CategoryTitle">What the categories are.</param>
/// <param name="ValueTitle">What the numbers are, with their unit.</param>
/// <param name="Categories">The names of the categories.</param>
/// <param name="Series">The numbers: one thing or several side by side.</param>
public sealed record BarChart(
    string Title, string CategoryTitle, string ValueTitle, ImmutableArray<string> Categories, ImmutableArray<BarSeries> Series)
    : Figure(Title)
{
    private const int Ticks = 5, LongestLabel = 18, RowHeight = 16, ShortLabel = 22, MaxStanding = 60;

    /// <summary>Whether bars begin at zero; if not, the numbers are dots.</summary>
    public bool IsFromZero { get; init; } = true;

    /// <inheritdoc/>
    public override bool IsEmpty => !Series.Any(HasNumbers);

    /// <inheritdoc/>
    public override string Description => string.Join("; ", Series.Where(HasNumbers).Select(Describe)) + ".";

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
        (Frame.Width, IsLying ? 46 + (Categories.Length * Band) : Frame.Height);

    // Names of a letter or a number can be thinned out under bars that stand, others cannot.
    private bool IsLying =>
        LabelWidth > Math.Max(ShortLabel, (Frame.Width - 50) / Categories.Length) || Categories.Length > MaxStanding;

    private double LabelWidth => Categories.Max(category => Width(category, Frame.Letter));

    private double Band => (RowHeight * (IsFromZero ? Series.Length : 1)) + 6;

    private Scale Values => Scale.Of(
        Series.SelectMany(series => series.Values.Select((value, i) => (value, series.Error(i)))), Ticks, IsFromZero);

    /// <inheritdoc/>
    protected override string Draw() => IsLying ? DrawLying() : DrawStanding();

    private string DrawStanding()
    {
        var frame = Frame.Of(new(0, Categories.Length, 1), Values, CategoryTitle, ValueTitle);
        var every = (int)Math.Ceiling((LabelWidth + 1) * Categories.Length / (frame.X.To - frame.X.From));
        var labels = Categories.Select((category, i) =>
            i % every > 0 ? "" : Text(frame.X.At(i + 0.5), frame.Y.From + 16, category, "middle"));
        return frame.Draw(hasXTicks: false) + string.Concat(labels) + Marks(frame.X, frame.Y, isLying: false);
    }

    private string DrawLying()
    {
        var left = Categories.Max(category => Width(Short(category, LongestLabel), Frame.Letter)) + 8;
        var (scale, end) = (Values.Between(left, Frame.Width - 16), Size.Height - 36);
        var ticks = scale.Ticks.Select(tick =>
            $"<path class=\"grid\" d=\"M{At(scale.At(tick.Value))} 4V{At(end)}\"/>"
            + Text(scale.At(tick.Value), end + 14, tick.Label, "middle"));
        var labels = Categories.Select((category, i) =>
            Text(left - 6, 4 + ((i + 0.5) * Band) + 4, Short(category, LongestLabel), "end"));
        return string.Concat(ticks) + string.Concat(labels) + Text(scale.To, Size.Height - 5, ValueTitle, "axis end")
            + Marks(new(0, Categories.Length, 1, 4, 4 + (Categories.Length * Band)), scale, isLying: true);
    }

    /// <summary>Each number at its category, which is one long on a scale of categories, and at its value on the other
    /// scale. Bars of a category stand side by side, dots share its middle.</summary>
    private string Marks(Scale categories, Scale values, bool isLying) => string.Concat(
        from category in Enumerable.Range(0, Categories.Length)
        from series in Enumerable.Range(0, Series.Length)
        where double.IsFinite(Series[series].Values[category])
        let width = IsFromZero ? 0.8 / Series.Length : 0.8
        let begin = category + 0.1 + (IsFromZero ? series * width : 0)
        select Draw(categories.At(begin), categories.At(begin + width) - 1, values, isLying, category, series));

    private string Draw(double from, double to, Scale scale, bool isLying, int category, int series)
    {
        var (value, error) = (Series[series].Values[category], Series[series].Error(category));
        var (place, zero, middle) = (scale.At(value), scale.At(Math.Clamp(0, scale.Low, scale.High)), (from + to) / 2);
        var said = $"{Categories[category]}{(Series.Length > 1 ? $", {Series[series].Name}" : "")}: {Number(value, error)}";
        var kind = new LegendEntry("", series).Fill;
        var mark = !IsFromZero ? Mark($"<circle {Coordinates("cx", "cy", middle, place, isLying)} r=\"3.5\"", kind, said)
            : isLying ? Mark(Box(Math.Min(place, zero), from, Math.Max(0.5, Math.Abs(place - zero)), to - from), kind, said)
            : Mark(Box(from, Math.Min(place, zero), to - from, Math.Max(0.5, Math.Abs(place - zero))), kind, said);
        return double.IsFinite(error)
            ? mark + Whisker(middle, scale.At(value - error), scale.At(value + error), isLying)
            : mark;
    }

    private static string Box(double x, double y, double width, double height) =>
        $"<rect x=\"{At(x)}\" y=\"{At(y)}\" width=\"{At(width)}\" height=\"{At(height)}\"";

    private static string Coordinates(string x, string y, double across, double along, bool isLying) => isLying
        ? $"{x}=\"{At(along)}\" {y}=\"{At(across)}\""
        : $"{x}=\"{At(across)}\" {y}=\"{At(along)}\"";

    private static string Whisker(double across, double from, double to, bool isLying) =>
        $"<path class=\"whisker\" d=\"M{(isLying ? $"{At(from)} {At(across)}H{At(to)}" : $"{At(across)} {At(from)}V{At(to)}")}\"/>\n";

    private static bool HasNumbers(BarSeries series) => series.Values.Any(double.IsFinite);

    private string Describe(BarSeries series)
    {
        var numbers = Categories.Zip(series.Values, (Name, Value) => (Name, Value))
            .Where(pair => double.IsFinite(pair.Value)).ToArray();
        var (lowest, highest) = (numbers.MinBy(pair => pair.Value), numbers.MaxBy(pair => pair.Value));
        return $"{series.Name}: {numbers.Length} categories, lowest {lowest.Name} with {Number(lowest.Value)}, "
            + $"highest {highest.Name} with {Number(highest.Value)}";
    }
}
