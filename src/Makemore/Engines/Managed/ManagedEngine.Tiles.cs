using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>The innermost loops of matrix products.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    private const int TileRows = 8;

    /// <summary>Multiplies rows by one panel. The remaining rows are computed by a tile that starts earlier and writes some
    /// values again, or one by one if there are too few rows or they are accumulated.</summary>
    private static void Panel(Product product, float* a, float* panel, float* c, float* bias, int from, int to, int columns)
    {
        var width = columns <= V.Count ? V.Count : PanelWidth;
        var offsets = stackalloc float[PanelWidth];
        var edge = stackalloc float[TileRows * PanelWidth];
        if (bias is not null)
        {
            Copy(bias, offsets, columns);
            bias = offsets;
        }
        for (var row = from; row < to;)
        {
            var rows = to - row >= TileRows ? TileRows : 1;
            if (rows == 1 && to - from >= TileRows && !product.Adds)
                (row, rows) = (to - TileRows, TileRows);
            var left = a + ((long)row * product.Left.Row);
            var target = c + ((long)row * product.Stride);
            var into = columns == width ? target : edge;
            var step = columns == width ? product.Stride : width;
            if (columns < width && product.Adds)
                for (var i = 0; i < rows; i++)
                    Copy(target + ((long)i * product.Stride), edge + (i * width), columns);
            if (rows == 1)
                Row(product.Inner, left, product.Left.K, panel, width, bias, into, product.Adds);
            else if (width == V.Count)
                NarrowTile(product.Inner, left, product.Left.Row, product.Left.K, panel, bias, into, step, product.Adds);
            else
                Tile(product.Inner, left, product.Left.Row, product.Left.K, panel, bias, into, step, product.Adds);
            if (columns < width)
                for (var i = 0; i < rows; i++)
                    Copy(edge + (i * width), target + ((long)i * product.Stride), columns);
            row += rows;
        }
    }

    /// <summary>Eight rows by two vectors, kept in registers over all k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile(
        int inner, float* a, int stepRow, int stepK, float* panel, float* bias, float* c, int stepC, bool adds)
    {
        V c00 = V.Of(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        var lower = a + (4 * (long)stepRow);
        long two = 2 * (long)stepRow, three = 3 * (long)stepRow;
        for (var k = 0; k < inner; k++)
        {
            V b0 = V.Load(panel), b1 = V.Load(panel + V.Count);
            panel += 2 * V.Count;
            var x = V.Of(a[0]);
            (c00, c01) = (V.Fma(x, b0, c00), V.Fma(x, b1, c01));
            x = V.Of(a[stepRow]);
            (c10, c11) = (V.Fma(x, b0, c10), V.Fma(x, b1, c11));
            x = V.Of(a[two]);
            (c20, c21) = (V.Fma(x, b0, c20), V.Fma(x, b1, c21));
            x = V.Of(a[three]);
            (c30, c31) = (V.Fma(x, b0, c30), V.Fma(x, b1, c31));
            x = V.Of(lower[0]);
            (c40, c41) = (V.Fma(x, b0, c40), V.Fma(x, b1, c41));
            x = V.Of(lower[stepRow]);
            (c50, c51) = (V.Fma(x, b0, c50), V.Fma(x, b1, c51));
            x = V.Of(lower[two]);
            (c60, c61) = (V.Fma(x, b0, c60), V.Fma(x, b1, c61));
            x = V.Of(lower[three]);
            (c70, c71) = (V.Fma(x, b0, c70), V.Fma(x, b1, c71));
            a += stepK;
            lower += stepK;
        }
        if (bias is not null)
        {
            V o0 = V.Load(bias), o1 = V.Load(bias + V.Count);
            (c00, c01, c10, c11) = (c00 + o0, c01 + o1, c10 + o0, c11 + o1);
            (c20, c21, c30, c31) = (c20 + o0, c21 + o1, c30 + o0, c31 + o1);
            (c40, c41, c50, c51) = (c40 + o0, c41 + o1, c50 + o0, c51 + o1);
            (c60, c61, c70, c71) = (c60 + o0, c61 + o1, c70 + o0, c71 + o1);
        }
        if (adds)
        {
            (c00, c01) = (V.Load(c) + c00, V.Load(c + V.Count) + c01);
            (c10, c11) = (V.Load(c + stepC) + c10, V.Load(c + stepC + V.Count) + c11);
            (c20, c21) = (V.Load(c + (2 * stepC)) + c20, V.Load(c + (2 * stepC) + V.Count) + c21);
            (c30, c31) = (V.Load(c + (3 * stepC)) + c30, V.Load(c + (3 * stepC) + V.Count) + c31);
            (c40, c41) = (V.Load(c + (4 * stepC)) + c40, V.Load(c + (4 * stepC) + V.Count) + c41);
            (c50, c51) = (V.Load(c + (5 * stepC)) + c50, V.Load(c + (5 * stepC) + V.Count) + c51);
            (c60, c61) = (V.Load(c + (6 * stepC)) + c60, V.Load(c + (6 * stepC) + V.Count) + c61);
            (c70, c71) = (V.Load(c + (7 * stepC)) + c70, V.Load(c + (7 * stepC) + V.Count) + c71);
        }
        Store(c00, c01, c);
        Store(c10, c11, c + stepC);
        Store(c20, c21, c + (2 * stepC));
        Store(c30, c31, c + (3 * stepC));
        Store(c40, c41, c + (4 * stepC));
        Store(c50, c51, c + (5 * stepC));
        Store(c60, c61, c + (6 * stepC));
        Store(c70, c71, c + (7 * stepC));
    }

    /// <summary>Eight rows by one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NarrowTile(
        int inner, float* a, int stepRow, int stepK, float* panel, float* bias, float* c, int stepC, bool adds)
    {
        V c0 = V.Of(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        var lower = a + (4 * (long)stepRow);
        long two = 2 * (long)stepRow, three = 3 * (long)stepRow;
        for (var k = 0; k < inner; k++, a += stepK, lower += stepK, panel += V.Count)
        {
            var b = V.Load(panel);
            (c0, c1) = (V.Fma(V.Of(a[0]), b, c0), V.Fma(V.Of(a[stepRow]), b, c1));
            (c2, c3) = (V.Fma(V.Of(a[two]), b, c2), V.Fma(V.Of(a[three]), b, c3));
            (c4, c5) = (V.Fma(V.Of(lower[0]), b, c4), V.Fma(V.Of(lower[stepRow]), b, c5));
            (c6, c7) = (V.Fma(V.Of(lower[two]), b, c6), V.Fma(V.Of(lower[three]), b, c7));
        }
        if (bias is not null)
        {
            var o = V.Load(bias);
            (c0, c1, c2, c3, c4, c5, c6, c7) = (c0 + o, c1 + o, c2 + o, c3 + o, c4 + o, c5 + o, c6 + o, c7 + o);
        }
        if (adds)
        {
            (c0, c1) = (V.Load(c) + c0, V.Load(c + stepC) + c1);
            (c2, c3) = (V.Load(c + (2 * stepC)) + c2, V.Load(c + (3 * stepC)) + c3);
            (c4, c5) = (V.Load(c + (4 * stepC)) + c4, V.Load(c + (5 * stepC)) + c5);
            (c6, c7) = (V.Load(c + (6 * stepC)) + c6, V.Load(c + (7 * stepC)) + c7);
        }
        c0.Store(c);
        c1.Store(c + stepC);
        c2.Store(c + (2 * stepC));
        c3.Store(c + (3 * stepC));
        c4.Store(c + (4 * stepC));
        c5.Store(c + (5 * stepC));
        c6.Store(c + (6 * stepC));
        c7.Store(c + (7 * stepC));
    }

    /// <summary>One row by as many vectors as the panel is wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Row(int inner, float* a, int stepK, float* panel, int width, float* bias, float* c, bool adds)
    {
        for (var column = 0; column < width; column += V.Count)
        {
            var sum = V.Of(0);
            float* left = a, right = panel + column;
            for (var k = 0; k < inner; k++, left += stepK, right += width)
                sum = V.Fma(V.Of(*left), V.Load(right), sum);
            if (bias is not null)
                sum += V.Load(bias + column);
            (adds ? V.Load(c + column) + sum : sum).Store(c + column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* c)
    {
        first.Store(c);
        second.Store(c + V.Count);
    }
}
