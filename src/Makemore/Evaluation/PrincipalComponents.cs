using System.Collections.Immutable;

namespace Makemore;

/// <summary>The coordinates of vectors along their first principal components (Jolliffe: "Principal component analysis", 2002,
/// section 1.1).</summary>
/// <param name="Places">(N, K): the coordinates of each vector along each component, relative to the mean.</param>
/// <param name="Shares">The share of the variance that each of the K components explains.</param>
public sealed record PrincipalComponents(ImmutableArray<ImmutableArray<double>> Places, ImmutableArray<double> Shares)
{
    private const int MaxIterations = 1000;
    private const double Tolerance = 1e-12;

    /// <summary>The first components of the rows of a matrix, in double precision. The sign of a component is such that its
    /// largest entry is positive, so that the same vectors always give the same picture.</summary>
    /// <param name="rows">(N, E): N vectors.</param>
    /// <param name="width">E, the length of a vector.</param>
    /// <param name="count">K, the number of components.</param>
    /// <exception cref="ArgumentException">The number of elements is not a multiple of the width.</exception>
    public static PrincipalComponents Of(ReadOnlySpan<float> rows, int width, int count = 2)
    {
        if (width < 1 || rows.Length % width != 0)
            throw new ArgumentException($"PrincipalComponents: {rows.Length} numbers are not vectors of {width}.");
        var centered = Centered(rows, width);
        var total = centered.Sum(row => Product(row, row));
        var (rest, places, shares) = (centered, new List<double[]>(), new List<double>());
        for (var k = 0; k < count; k++)
        {
            var direction = Direction(rest, width);
            var along = rest.Select(row => Product(row, direction)).ToArray();
            places.Add(along);
            shares.Add(total > 0 ? Product(along, along) / total : 0);
            rest = [.. rest.Select((row, i) => row.Select((x, e) => x - (along[i] * direction[e])).ToArray())];
        }
        return new([.. centered.Select((_, i) => places.Select(along => along[i]).ToImmutableArray())], [.. shares]);
    }

    /// <summary>The unit vector with the maximum variance of the rows, by power iteration from the longest row.</summary>
    private static double[] Direction(double[][] rows, int width)
    {
        var direction = Unit(rows.DefaultIfEmpty(new double[width]).MaxBy(row => Product(row, row))!);
        for (var i = 0; i < MaxIterations; i++)
        {
            var next = new double[width];
            foreach (var row in rows)
            {
                var along = Product(row, direction);
                for (var e = 0; e < width; e++)
                    next[e] += along * row[e];
            }
            next = Unit(next);
            var turned = 1 - Math.Abs(Product(next, direction));
            direction = next;
            if (turned < Tolerance)
                break;
        }
        return direction.MaxBy(Math.Abs) < 0 ? [.. direction.Select(x => -x)] : direction;
    }

    private static double[][] Centered(ReadOnlySpan<float> rows, int width)
    {
        var (all, mean) = (rows.ToArray().Select(x => (double)x).Chunk(width).ToArray(), new double[width]);
        foreach (var row in all)
            for (var e = 0; e < width; e++)
                mean[e] += row[e] / all.Length;
        return [.. all.Select(row => row.Zip(mean, (x, m) => x - m).ToArray())];
    }

    private static double[] Unit(double[] x)
    {
        var length = Math.Sqrt(Product(x, x));
        return length > 0 ? [.. x.Select(value => value / length)] : x;
    }

    private static double Product(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
