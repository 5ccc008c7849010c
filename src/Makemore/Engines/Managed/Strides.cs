namespace Makemore;

/// <summary>Strides of broadcast operands.</summary>
internal static class Strides
{
    /// <summary>
    /// The loop over two operands that broadcast to a result: sizes and strides (0 where an operand repeats), outermost first.
    /// Adjacent dimensions are merged where both operands are contiguous. There is at least one dimension.
    /// </summary>
    /// <returns>The number of dimensions.</returns>
    public static int Merge(Shape shape, Shape a, Shape b, Span<int> sizes, Span<int> stepsA, Span<int> stepsB)
    {
        var (count, wholeA, wholeB) = (0, 1, 1);
        for (var i = 1; i <= shape.Rank; i++)
        {
            var size = shape[^i];
            if (size == 1)
                continue;
            var (lengthA, lengthB) = (i <= a.Rank ? a[^i] : 1, i <= b.Rank ? b[^i] : 1);
            var (stepA, stepB) = (lengthA == 1 ? 0 : wholeA, lengthB == 1 ? 0 : wholeB);
            (wholeA, wholeB) = (wholeA * lengthA, wholeB * lengthB);
            if (count > 0 && Continues(stepA, stepsA[count - 1], sizes[count - 1])
                && Continues(stepB, stepsB[count - 1], sizes[count - 1]))
            {
                sizes[count - 1] *= size;
                continue;
            }
            (sizes[count], stepsA[count], stepsB[count]) = (size, stepA, stepB);
            count++;
        }
        if (count == 0)
            (sizes[0], stepsA[0], stepsB[0], count) = (1, 0, 0, 1);
        sizes[..count].Reverse();
        stepsA[..count].Reverse();
        stepsB[..count].Reverse();
        return count;
    }

    private static bool Continues(int outer, int inner, int innerSize) =>
        inner == 0 ? outer == 0 : outer == inner * innerSize;
}
