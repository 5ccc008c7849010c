namespace Makemore;

/// <summary>The axes of a chart, with ticks and titles.</summary>
/// <param name="X">The horizontal scale.</param>
/// <param name="Y">The vertical scale.</param>
/// <param name="XTitle">The title of the horizontal axis, with its unit.</param>
/// <param name="YTitle">The title of the vertical axis, with its unit.</param>
internal sealed record Frame(Scale X, Scale Y, string XTitle, string YTitle)
{
    /// <summary>The size of a chart and of its letters on a phone, in units of its viewBox: there is room for these.</summary>
    public const double Width = 420, Height = 280, Letter = 15;

    private const double Top = 30, Bottom = 42;

    /// <summary>The axes for two scales, which it places.</summary>
    public static Frame Of(Scale x, Scale y, string xTitle, string yTitle, double height = Height)
    {
        var left = y.Ticks.Max(tick => Html.Width(tick.Label, Letter)) + 12;
        // Half of the last label extends beyond the end of its axis.
        var right = Math.Max(10, (Html.Width(x.Ticks[^1].Label, Letter) / 2) + 2);
        return new(x.Between(left, Width - right), y.Between(height - Bottom, Top), xTitle, yTitle);
    }

    /// <summary>The axes as SVG; a chart of categories draws its own labels along x.</summary>
    public string Draw(bool hasXTicks = true) =>
        string.Concat(Y.Ticks.Select(YTick)) + (hasXTicks ? string.Concat(X.Ticks.Select(XTick)) : "")
        + Figure.Text(0, 15, YTitle, "axis") + Figure.Text(X.To, Y.From + Bottom - 5, XTitle, "axis end");

    private string YTick((double Value, string Label) tick) =>
        $"<path class=\"grid\" d=\"M{Html.At(X.From)} {Html.At(Y.At(tick.Value))}H{Html.At(X.To)}\"/>"
        + Figure.Text(X.From - 6, Y.At(tick.Value) + 4, tick.Label, "end");

    private string XTick((double Value, string Label) tick) =>
        $"<path class=\"grid\" d=\"M{Html.At(X.At(tick.Value))} {Html.At(Y.From)}v4\"/>"
        + Figure.Text(X.At(tick.Value), Y.From + 18, tick.Label, "middle");
}
