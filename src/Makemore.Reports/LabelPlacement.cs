namespace Makemore;

/// <summary>Places labels next to their points so that they overlap neither points nor each other, if there is room.</summary>
internal static class LabelPlacement
{
    private const double Height = 12, Gap = 7;

    /// <summary>The left ends of the labels' base lines. Greedily, each label takes the first place around its point with the
    /// least overlap.</summary>
    /// <param name="points">The points.</param>
    /// <param name="widths">The widths of their labels.</param>
    /// <param name="right">The right edge of the picture.</param>
    public static (double X, double Y)[] Of((double X, double Y)[] points, double[] widths, double right)
    {
        var taken = points.Select(point => new Box(point.X - 4, point.Y - 4, 8, 8)).ToList();
        return
        [
            .. points.Select((point, i) =>
            {
                var best = Around(point, widths[i])
                    .Select(box => box with { X = Math.Clamp(box.X, 0, Math.Max(0, right - box.Width)) })
                    .MinBy(box => taken.Sum(box.Overlap));
                taken.Add(best);
                return (best.X, best.Y + Height - 3);
            }),
        ];
    }

    /// <summary>The places next to a point, then those one line above or below it, then two, and so on.</summary>
    private static IEnumerable<Box> Around((double X, double Y) point, double width) =>
        from lines in new[] { 0, -1, 1, -2, 2, -3, 3 }
        from left in new[] { point.X + Gap, point.X - Gap - width, point.X - (width / 2) }
        where lines != 0 || left != point.X - (width / 2)
        select new Box(left, point.Y - (Height / 2) + (lines * Height), width, Height);

    private readonly record struct Box(double X, double Y, double Width, double Height)
    {
        /// <summary>The area of the intersection of two boxes.</summary>
        public double Overlap(Box other) =>
            Math.Max(0, Math.Min(X + Width, other.X + other.Width) - Math.Max(X, other.X))
            * Math.Max(0, Math.Min(Y + Height, other.Y + other.Height) - Math.Max(Y, other.Y));
    }
}
