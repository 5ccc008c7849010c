using System.Globalization;

namespace Makemore;

/// <summary>Small plots out of characters, for logs and terminals alike.</summary>
internal static class TextPlot
{
    /// <summary>A line over evenly spaced places, the highest value on top; what is not finite is left out.</summary>
    /// <param name="values">The values, from left to right.</param>
    /// <param name="labels">What stands under the plot, evenly spaced from its left to its right end.</param>
    /// <param name="height">How many rows.</param>
    public static IEnumerable<string> Lines(IReadOnlyList<double> values, IReadOnlyList<string> labels, int height = 12)
    {
        const int Margin = 9;
        var finite = values.Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var (low, high) = (finite.Min(), finite.Max());
        var step = Math.Max(1e-12, (high - low) / (height - 1));
        for (var row = height - 1; row >= 0; row--)
        {
            var here = row;
            var marks = values.Select(value => double.IsFinite(value) && Math.Round((value - low) / step) == here ? '•' : ' ');
            var number = (low + (row * step)).ToString("0.000", CultureInfo.InvariantCulture);
            yield return $"{number,Margin - 2} ┤{string.Concat(marks)}".TrimEnd();
        }
        yield return new string(' ', Margin - 1) + "└" + new string('─', values.Count);
        yield return new string(' ', Margin) + Spread(labels, values.Count);
    }

    private static string Spread(IReadOnlyList<string> labels, int width)
    {
        var line = new char[width + labels[^1].Length];
        Array.Fill(line, ' ');
        for (var i = 0; i < labels.Count; i++)
            labels[i].CopyTo(line.AsSpan(i * (width - 1) / Math.Max(1, labels.Count - 1)));
        return new string(line).TrimEnd();
    }
}
