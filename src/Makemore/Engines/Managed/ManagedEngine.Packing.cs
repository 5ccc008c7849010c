using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Makemore;

/// <summary>Packs the right matrix of a product into panels of a few columns, in the order in which the tiles read
/// them.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    /// <summary>The number of columns of a panel; the last panel has half as many if that is enough.</summary>
    private static int PanelWidth => 2 * V.Count;

    /// <summary>All panels of a right matrix, concatenated. They are cached with the matrix until it is returned or
    /// accumulated into.</summary>
    private Block Packed(Raw y, Product product)
    {
        var matrix = BlockOf(y);
        var isTransposed = product.StepB.K == 1;
        if (matrix.FindPacked(isTransposed, product.Inner, product.Columns) is { } cached)
            return cached;
        var memory = _pool.Rent(product.Inner * (product.Columns + PanelWidth));
        PackPanels(product, memory.Pointer);
        matrix.CachePacked(isTransposed, new(memory, product.Inner, product.Columns));
        return memory;
    }

    private static int WidthOf(int columns) => columns <= V.Count ? V.Count : PanelWidth;

    /// <summary>Packs all panels of the right matrix.</summary>
    private static void PackPanels(Product product, float* panels)
    {
        for (var column = 0; column < product.Columns; column += PanelWidth)
            Pack(
                product.B + ((long)column * product.StepB.Column), product.StepB, product.Inner,
                Math.Min(PanelWidth, product.Columns - column), panels + ((long)column * product.Inner));
    }

    /// <summary>Packs (K, columns) of the right matrix into rows of the panel's width, padded with 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pack(float* b, (int K, int Column) step, int inner, int columns, float* panel)
    {
        var width = WidthOf(columns);
        if (columns < width)
            new Span<float>(panel, inner * width).Clear();
        if (step.Column != 1)
            PackTransposed(b, step, inner, columns, panel, width);
        else if (columns < width)
            for (var k = 0; k < inner; k++, b += step.K, panel += width)
                Copy(b, panel, columns);
        else
            for (var k = 0; k < inner; k++, b += step.K, panel += width)
                for (var j = 0; j < width; j += V.Count)
                    V.Load(b + j).Store(panel + j);
    }

    /// <summary>As <see cref="Pack"/> for a column-major right matrix, in blocks of four by four.</summary>
    private static void PackTransposed(float* b, (int K, int Column) step, int inner, int columns, float* panel, int width)
    {
        var (j, squares) = (0, inner / 4 * 4);
        if (Sse.IsSupported && step.K == 1)
            for (; j <= columns - 4; j += 4)
            {
                for (var k = 0; k < squares; k += 4)
                    TransposeSquare(b + ((long)j * step.Column) + k, step.Column, panel + (k * width) + j, width);
                for (var k = squares; k < inner; k++)
                    for (var i = j; i < j + 4; i++)
                        panel[(k * width) + i] = b[((long)i * step.Column) + k];
            }
        for (; j < columns; j++)
            for (var k = 0; k < inner; k++)
                panel[(k * width) + j] = b[((long)j * step.Column) + ((long)k * step.K)];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeSquare(float* source, int stepSource, float* target, int stepTarget)
    {
        Vector128<float> a = Vector128.Load(source), b = Vector128.Load(source + stepSource);
        Vector128<float> c = Vector128.Load(source + (2 * (long)stepSource)), d = Vector128.Load(source + (3 * (long)stepSource));
        Vector128<float> ab = Sse.UnpackLow(a, b), cd = Sse.UnpackLow(c, d);
        Sse.MoveLowToHigh(ab, cd).Store(target);
        Sse.MoveHighToLow(cd, ab).Store(target + stepTarget);
        (ab, cd) = (Sse.UnpackHigh(a, b), Sse.UnpackHigh(c, d));
        Sse.MoveLowToHigh(ab, cd).Store(target + (2 * stepTarget));
        Sse.MoveHighToLow(cd, ab).Store(target + (3 * stepTarget));
    }
}
