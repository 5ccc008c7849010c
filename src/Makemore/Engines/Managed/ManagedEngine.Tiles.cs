using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>The innermost loops of matrix products.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    /// <summary>The number of rows of a tile. Its sums, two vectors per row, have to stay in registers: there are 32 with AVX-512, 16
    /// otherwise.</summary>
    private static int TileRows => V.Count == 16 ? 8 : 6;

    /// <summary>Rows by one panel, tile by tile. The tile of the last rows starts earlier, if
    /// necessary in the block before; the whole product has at least as many rows as a tile.</summary>
    private static void MultiplyPanel(in Product product, float* panel)
    {
        var whole = product.Columns == WidthOf(product.Columns) ? product.Rows / TileRows * TileRows : 0;
        for (var row = 0; row < whole; row += TileRows)
            Tile(product, product.A + ((long)row * product.StepA.Row), panel, product.C + ((long)row * product.StepC), product.StepC);
        for (var row = whole; row < product.Rows; row += TileRows)
        {
            var start = Math.Min(row, product.Rows - TileRows);
            EdgeTile(product.OfRows(start, start + TileRows), panel, row - start);
        }
    }

    /// <summary>A few rows, one by one: by several panels at once, so that the processor has enough sums to overlap.</summary>
    /// <param name="product">The product.</param>
    /// <param name="panels">The right matrix, packed or as it is.</param>
    /// <param name="isPacked">Whether it is packed; if not, its rows are contiguous.</param>
    private static void MultiplyRows(Product product, float* panels, bool isPacked)
    {
        var distance = isPacked ? PanelWidth * product.Inner : PanelWidth;
        var whole = product.Adds || product.Continues ? 0 : product.Columns / PanelWidth;
        for (var row = 0; row < product.Rows; row++)
        {
            var one = product.OfRows(row, row + 1);
            for (var first = 0; first < whole; first += 4)
                WideRow(
                    one.OfColumns(first * PanelWidth, product.Columns), Math.Min(4, whole - first), panels + ((long)first * distance),
                    isPacked ? PanelWidth : product.StepB.K, distance);
            for (var column = whole * PanelWidth; column < product.Columns; column += PanelWidth)
            {
                var part = one.OfColumns(column, Math.Min(column + PanelWidth, product.Columns));
                EdgeRow(
                    part, panels + ((long)column / PanelWidth * distance), isPacked ? WidthOf(part.Columns) : product.StepB.K);
            }
        }
    }

    /// <summary>A single row by one panel, by way of a buffer.</summary>
    private static void EdgeRow(in Product product, float* panel, int step)
    {
        var edge = stackalloc float[PanelWidth];
        if (product.Adds || product.Continues)
            Copy(product.C, edge, product.Columns);
        RowTile(
            product.Inner, product.A, product.StepA.K, panel, step, WidthOf(product.Columns) - V.Count, product.Bias, edge,
            product.Adds, product.Continues);
        Copy(edge, product.C, product.Columns);
    }

    /// <summary>A tile by way of a buffer; only the rows from … on are new.</summary>
    private static void EdgeTile(in Product product, float* panel, int from)
    {
        var edge = stackalloc float[TileRows * PanelWidth];
        if (product.Adds || product.Continues)
            CopyRows(product.C, product.StepC, edge, PanelWidth, from, product.Rows, product.Columns);
        Tile(product, product.A, panel, edge, PanelWidth);
        CopyRows(edge, PanelWidth, product.C, product.StepC, from, product.Rows, product.Columns);
    }

    private static void Tile(in Product product, float* a, float* panel, float* c, int stepC)
    {
        var (inner, (stepRow, stepK)) = (product.Inner, product.StepA);
        if (product.Columns <= V.Count)
            NarrowTile(inner, a, stepRow, stepK, panel, product.Bias, c, stepC, product.Adds, product.Continues);
        else
            WideTile(inner, a, stepRow, stepK, panel, product.Bias, c, stepC, product.Adds, product.Continues);
    }

    private static void CopyRows(float* source, int stepSource, float* target, int stepTarget, int from, int to, int columns)
    {
        for (var i = from; i < to; i++)
            Copy(source + ((long)i * stepSource), target + ((long)i * stepTarget), columns);
    }

    /// <summary>A tile two vectors wide, kept in registers over all k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WideTile(
        int inner, float* a, int stepRow, int stepK, float* panel, float* bias, float* c, int stepC, bool adds, bool continues)
    {
        V c00 = V.Of(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
        V c40 = c00, c41 = c00, c50 = c00, c51 = c00, c60 = c00, c61 = c00, c70 = c00, c71 = c00;
        float* c4 = c + (4 * (long)stepC), c2 = c + (2 * (long)stepC), c6 = c4 + (2 * (long)stepC);
        if (continues)
        {
            (c00, c01, c10, c11) = (V.Load(c), V.Load(c + V.Count), V.Load(c + stepC), V.Load(c + stepC + V.Count));
            (c20, c21, c30, c31) = (V.Load(c2), V.Load(c2 + V.Count), V.Load(c2 + stepC), V.Load(c2 + stepC + V.Count));
            (c40, c41, c50, c51) = (V.Load(c4), V.Load(c4 + V.Count), V.Load(c4 + stepC), V.Load(c4 + stepC + V.Count));
            if (V.Count == 16)
                (c60, c61, c70, c71) = (V.Load(c6), V.Load(c6 + V.Count), V.Load(c6 + stepC), V.Load(c6 + stepC + V.Count));
        }
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
            if (V.Count == 16)
            {
                x = V.Of(lower[two]);
                (c60, c61) = (V.Fma(x, b0, c60), V.Fma(x, b1, c61));
                x = V.Of(lower[three]);
                (c70, c71) = (V.Fma(x, b0, c70), V.Fma(x, b1, c71));
            }
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
            (c20, c21) = (V.Load(c2) + c20, V.Load(c2 + V.Count) + c21);
            (c30, c31) = (V.Load(c2 + stepC) + c30, V.Load(c2 + stepC + V.Count) + c31);
            (c40, c41) = (V.Load(c4) + c40, V.Load(c4 + V.Count) + c41);
            (c50, c51) = (V.Load(c4 + stepC) + c50, V.Load(c4 + stepC + V.Count) + c51);
            if (V.Count == 16)
            {
                (c60, c61) = (V.Load(c6) + c60, V.Load(c6 + V.Count) + c61);
                (c70, c71) = (V.Load(c6 + stepC) + c70, V.Load(c6 + stepC + V.Count) + c71);
            }
        }
        Store(c00, c01, c);
        Store(c10, c11, c + stepC);
        Store(c20, c21, c2);
        Store(c30, c31, c2 + stepC);
        Store(c40, c41, c4);
        Store(c50, c51, c4 + stepC);
        if (V.Count < 16)
            return;
        Store(c60, c61, c6);
        Store(c70, c71, c6 + stepC);
    }

    /// <summary>A tile one vector wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void NarrowTile(
        int inner, float* a, int stepRow, int stepK, float* panel, float* bias, float* c, int stepC, bool adds, bool continues)
    {
        V c0 = V.Of(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        if (continues)
        {
            (c0, c1, c2) = (V.Load(c), V.Load(c + stepC), V.Load(c + (2 * stepC)));
            (c3, c4, c5) = (V.Load(c + (3 * stepC)), V.Load(c + (4 * stepC)), V.Load(c + (5 * stepC)));
            if (V.Count == 16)
                (c6, c7) = (V.Load(c + (6 * stepC)), V.Load(c + (7 * stepC)));
        }
        var lower = a + (4 * (long)stepRow);
        long two = 2 * (long)stepRow, three = 3 * (long)stepRow;
        for (var k = 0; k < inner; k++, a += stepK, lower += stepK, panel += V.Count)
        {
            var b = V.Load(panel);
            (c0, c1) = (V.Fma(V.Of(a[0]), b, c0), V.Fma(V.Of(a[stepRow]), b, c1));
            (c2, c3) = (V.Fma(V.Of(a[two]), b, c2), V.Fma(V.Of(a[three]), b, c3));
            (c4, c5) = (V.Fma(V.Of(lower[0]), b, c4), V.Fma(V.Of(lower[stepRow]), b, c5));
            if (V.Count == 16)
                (c6, c7) = (V.Fma(V.Of(lower[two]), b, c6), V.Fma(V.Of(lower[three]), b, c7));
        }
        if (bias is not null)
        {
            var o = V.Load(bias);
            (c0, c1, c2, c3, c4, c5, c6, c7) = (c0 + o, c1 + o, c2 + o, c3 + o, c4 + o, c5 + o, c6 + o, c7 + o);
        }
        if (adds)
        {
            (c0, c1, c2) = (V.Load(c) + c0, V.Load(c + stepC) + c1, V.Load(c + (2 * stepC)) + c2);
            (c3, c4) = (V.Load(c + (3 * stepC)) + c3, V.Load(c + (4 * stepC)) + c4);
            c5 = V.Load(c + (5 * stepC)) + c5;
            if (V.Count == 16)
                (c6, c7) = (V.Load(c + (6 * stepC)) + c6, V.Load(c + (7 * stepC)) + c7);
        }
        c0.Store(c);
        c1.Store(c + stepC);
        c2.Store(c + (2 * stepC));
        c3.Store(c + (3 * stepC));
        c4.Store(c + (4 * stepC));
        c5.Store(c + (5 * stepC));
        if (V.Count < 16)
            return;
        c6.Store(c + (6 * stepC));
        c7.Store(c + (7 * stepC));
    }

    /// <summary>One row, two vectors wide; the second one, of a narrow panel, is the first again.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void RowTile(
        int inner, float* a, int stepK, float* panel, int step, int second, float* bias, float* c, bool adds, bool continues)
    {
        V c0 = V.Of(0), c1 = c0;
        if (continues)
            (c0, c1) = (V.Load(c), V.Load(c + second));
        for (var k = 0; k < inner; k++, a += stepK, panel += step)
        {
            var x = V.Of(*a);
            (c0, c1) = (V.Fma(x, V.Load(panel), c0), V.Fma(x, V.Load(panel + second), c1));
        }
        if (bias is not null)
            (c0, c1) = (c0 + V.Load(bias), c1 + V.Load(bias + second));
        if (adds)
            (c0, c1) = (V.Load(c) + c0, V.Load(c + second) + c1);
        c1.Store(c + second);
        c0.Store(c);
    }

    /// <summary>One row by one to four panels; by fewer than four it takes as long as by four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void WideRow(Product product, int count, float* panel, int step, int distance)
    {
        V c0 = V.Of(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        float* p1 = count > 1 ? panel + distance : panel, p2 = count > 2 ? p1 + distance : p1, p3 = count > 3 ? p2 + distance : p2;
        float* a = product.A, bias = product.Bias, c = product.C;
        var (inner, stepK) = (product.Inner, product.StepA.K);
        for (var k = 0; k < inner; k++, a += stepK, panel += step, p1 += step, p2 += step, p3 += step)
        {
            var x = V.Of(*a);
            (c0, c1) = (V.Fma(x, V.Load(panel), c0), V.Fma(x, V.Load(panel + V.Count), c1));
            (c2, c3) = (V.Fma(x, V.Load(p1), c2), V.Fma(x, V.Load(p1 + V.Count), c3));
            (c4, c5) = (V.Fma(x, V.Load(p2), c4), V.Fma(x, V.Load(p2 + V.Count), c5));
            (c6, c7) = (V.Fma(x, V.Load(p3), c6), V.Fma(x, V.Load(p3 + V.Count), c7));
        }
        StoreWithBias(c0, c1, bias, c, 0);
        if (count > 1)
            StoreWithBias(c2, c3, bias, c, PanelWidth);
        if (count > 2)
            StoreWithBias(c4, c5, bias, c, 2 * PanelWidth);
        if (count > 3)
            StoreWithBias(c6, c7, bias, c, 3 * PanelWidth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreWithBias(V first, V second, float* bias, float* c, int column)
    {
        if (bias is not null)
            (first, second) = (first + V.Load(bias + column), second + V.Load(bias + column + V.Count));
        Store(first, second, c + column);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* c)
    {
        first.Store(c);
        second.Store(c + V.Count);
    }
}
