namespace Makemore;

/// <summary>Small plots in text, for logs and terminals.</summary>
internal static class TextPlot
{
    private const int Margin = 9;

    /// <summary>A row of a plot.</summary>
    /// <param name="Axis">The text to its left: the tick label and the axis.</param>
    /// <param name="Marks">For each column the index of the line that passes through it, or −1.</param>
    public sealed record Row(string Axis, int[] Marks);

    /// <summary>A line through values at evenly spaced positions; those that are not finite are left out.</summary>
    /// <param name="values">The values, from left to right.</param>
    /// <param name="labels">The labels below the plot, evenly spaced from its left to its right end.</param>
    /// <param name="height">The number of rows.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<double> values, IReadOnlyList<string> labels, int height = 12) =>
        Rows([values], height).Select(row => (row.Axis + string.Concat(row.Marks.Select(line => line < 0 ? ' ' : '•'))).TrimEnd())
            .Concat(Foot(values.Count, labels));

    /// <summary>Lines over the same evenly spaced positions, row by row from the top; the first one covers the others.</summary>
    public static IEnumerable<Row> Rows(IReadOnlyList<IReadOnlyList<double>> lines, int height = 12)
    {
        var finite = lines.SelectMany(line => line).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        var step = Math.Max(1e-12, (high - low) / (height - 1));
        for (var row = height - 1; row >= 0; row--)
        {
            var here = row;
            var number = Numbers.Show(low + (row * step), "0.000");
            yield return new(
                $"{number,Margin - 2} ┤",
                [
                    .. Enumerable.Range(0, lines.Max(line => line.Count)).Select(column => lines.ToList().FindIndex(line =>
                        column < line.Count && double.IsFinite(line[column]) && Math.Round((line[column] - low) / step) == here)),
                ]);
        }
    }

    /// <summary>The lines below a plot: the axis and its labels.</summary>
    public static IEnumerable<string> Foot(int width, IReadOnlyList<string> labels) =>
        [new string(' ', Margin - 1) + "└" + new string('─', width), new string(' ', Margin) + Spread(labels, width)];

    /// <summary>Resamples a line at evenly spaced positions, by linear interpolation; NaN left and right of its points.</summary>
    public static IReadOnlyList<double> Resample(IReadOnlyList<ChartPoint> points, double first, double last, int width) =>
    [
        .. Enumerable.Range(0, width).Select(column =>
        {
            var x = first + ((last - first) * column / Math.Max(1, width - 1));
            var next = Math.Max(1, points.TakeWhile(point => point.X < x).Count());
            if (x < points[0].X || x > points[^1].X)
                return double.NaN;
            if (next >= points.Count)
                return points[^1].Y;
            var (a, b) = (points[next - 1], points[next]);
            return a.Y + ((b.Y - a.Y) * (x - a.X) / (b.X - a.X));
        }),
    ];

    private static string Spread(IReadOnlyList<string> labels, int width)
    {
        var line = new char[width + labels[^1].Length];
        Array.Fill(line, ' ');
        for (var i = 0; i < labels.Count; i++)
            labels[i].CopyTo(line.AsSpan(i * (width - 1) / Math.Max(1, labels.Count - 1)));
        return new string(line).TrimEnd();
    }
}
