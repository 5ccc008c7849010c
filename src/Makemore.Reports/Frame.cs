namespace Makemore;

/// <summary>Two axes with their ticks and titles, around what a chart draws.</summary>
/// <param name="X">The horizontal scale.</param>
/// <param name="Y">The vertical scale.</param>
/// <param name="XTitle">What is shown along it, with its unit.</param>
/// <param name="YTitle">What is shown upwards, with its unit.</param>
internal sealed record Frame(Scale X, Scale Y, string XTitle, string YTitle)
{
    /// <summary>The size of a chart and of its letters, in the units of its viewBox.</summary>
    public const double Width = 420, Height = 270, Letter = 12;

    private const double Top = 26, Bottom = 38;

    /// <summary>The axes for two scales that do not know their places yet.</summary>
    public static Frame Of(Scale x, Scale y, string xTitle, string yTitle, double height = Height)
    {
        var left = y.Ticks.Max(tick => Html.Width(tick.Label, Letter)) + 12;
        // Half of the last label stands beyond the end of its axis.
        var right = Math.Max(10, (Html.Width(x.Ticks[^1].Label, Letter) / 2) + 2);
        return new(x.Between(left, Width - right), y.Between(height - Bottom, Top), xTitle, yTitle);
    }

    /// <summary>The lines and texts of the axes; a chart of categories has no ticks of its own along x.</summary>
    public string Draw(bool hasXTicks = true) =>
        string.Concat(Y.Ticks.Select(Upwards)) + (hasXTicks ? string.Concat(X.Ticks.Select(Along)) : "")
        + Figure.Text(0, 12, YTitle, "axis") + Figure.Text(X.To, Y.From + Bottom - 5, XTitle, "axis end");

    private string Upwards((double Value, string Label) tick) =>
        $"<path class=\"grid\" d=\"M{Html.At(X.From)} {Html.At(Y.At(tick.Value))}H{Html.At(X.To)}\"/>"
        + Figure.Text(X.From - 6, Y.At(tick.Value) + 4, tick.Label, "end");

    private string Along((double Value, string Label) tick) =>
        $"<path class=\"grid\" d=\"M{Html.At(X.At(tick.Value))} {Html.At(Y.From)}v4\"/>"
        + Figure.Text(X.At(tick.Value), Y.From + 16, tick.Label, "middle");
}
