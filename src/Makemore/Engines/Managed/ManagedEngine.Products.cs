using System.Runtime.CompilerServices;

namespace Makemore;

internal sealed unsafe partial class ManagedEngine<V>
{
    private const int TileRows = 8;

    public Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape)
    {
        var result = Take(shape);
        var (m, n) = (shape[^2], shape[^1]);
        var k = transposeX ? x.Shape[^2] : x.Shape[^1];
        var one = new Product(m, n, k, transposeX ? (1, m) : (k, 1), transposeY ? (1, k) : (n, 1));
        if (y.Shape.Rank == 2 && !transposeX)
            Multiply(one with { Rows = shape.Size / Math.Max(1, n) }, At(x), At(y), At(result), null);
        else
            MultiplyEach(one, x, y, result, shape);
        return Done(result, x, y);
    }

    public Raw Linear(Raw x, Raw w, Raw? b, Shape shape)
    {
        var result = Take(shape);
        var (n, k) = (w.Shape[0], w.Shape[1]);
        var product = new Product(shape.Size / Math.Max(1, n), n, k, (k, 1), (1, k));
        Multiply(product, At(x), At(w), At(result), b is { } bias ? At(bias) : null);
        return Done(result, x, w, b.GetValueOrDefault());
    }

    /// <summary>The sizes of one matrix product, and how far apart neighbours in a column (k) and in a row lie:
    /// for the left matrix (per row, per k), for the right one (per k, per column).</summary>
    private readonly record struct Product(int Rows, int Columns, int Inner, (int Row, int K) Left, (int K, int Column) Right)
    {
        /// <summary>The cost in vector operations.</summary>
        public long Work => (long)Rows * Columns * Inner / 16;
    }

    /// <summary>One product for each place in the batch dimensions.</summary>
    private void MultiplyEach(Product product, Raw x, Raw y, Raw result, Shape shape)
    {
        var batch = shape[..^2];
        var (m, n, k) = (product.Rows, product.Columns, product.Inner);
        var placesX = Places(batch, x.Shape[..^2], m * k);
        var placesY = Places(batch, y.Shape[..^2], k * n);
        float* a = At(x), b = At(y), c = At(result);
        Share(batch.Size, 1, batch.Size * product.Work, (from, to) =>
        {
            for (var i = from; i < to; i++)
                MultiplyRows(product, a + placesX(i), b + placesY(i), c + ((long)i * m * n), null, 0, m);
        });
    }

    /// <summary>Where the matrix for a place in the batch begins.</summary>
    private static Func<int, long> Places(Shape batch, Shape own, int size)
    {
        if (own == batch)
            return place => (long)place * size;
        if (own.Size == 1)
            return _ => 0;
        var table = new long[batch.Size];
        for (var place = 0; place < table.Length; place++)
        {
            var (left, whole, at) = (place, 1L, 0L);
            for (var i = 1; i <= own.Rank; left /= batch[^i], whole *= own[^i], i++)
                at += own[^i] == 1 ? 0 : left % batch[^i] * whole;
            table[place] = at * size;
        }
        return place => table[place];
    }

    /// <summary>One product, its rows divided among the threads, or its columns where there are few rows.</summary>
    private void Multiply(Product product, float* a, float* b, float* c, float* bias)
    {
        var work = product.Work;
        var panel = 2 * V.Count;
        if (_workers.Threads == 1 || product.Rows >= product.Columns || product.Columns < 2 * panel)
            Share(product.Rows, TileRows, work, (from, to) => MultiplyRows(product, a, b, c, bias, from, to));
        else
            Share(product.Columns, panel, work, (from, to) =>
                MultiplyPanels(product, a, b, c, bias, 0, product.Rows, from, to));
    }

    private static void MultiplyRows(Product product, float* a, float* b, float* c, float* bias, int from, int to) =>
        MultiplyPanels(product, a, b, c, bias, from, to, 0, product.Columns);

    /// <summary>Some rows and columns of a product: a panel of the right matrix at a time is laid out densely, then
    /// every tile of rows runs over it.</summary>
    private static void MultiplyPanels(
        Product product, float* a, float* b, float* c, float* bias, int fromRow, int toRow, int fromColumn, int toColumn)
    {
        var width = 2 * V.Count;
        using var panel = new Scratch(product.Inner * width);
        for (var column = fromColumn; column < toColumn; column += width)
        {
            var columns = Math.Min(width, toColumn - column);
            Pack(b + ((long)column * product.Right.Column), product.Right, product.Inner, columns, panel.Start);
            Panel(product, a, panel.Start, c + column, bias is null ? null : bias + column, fromRow, toRow, columns);
        }
    }

    /// <summary>(K, columns) of the right matrix as rows of the panel's width, the rest 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(float* b, (int K, int Column) step, int inner, int columns, float* panel)
    {
        var width = 2 * V.Count;
        if (columns < width)
            new Span<float>(panel, inner * width).Clear();
        if (step.Column == 1 && columns == width)
            for (var k = 0; k < inner; k++, b += step.K, panel += width)
            {
                V.Load(b).Store(panel);
                V.Load(b + V.Count).Store(panel + V.Count);
            }
        else if (step.Column == 1)
            for (var k = 0; k < inner; k++, b += step.K, panel += width)
                for (var j = 0; j < columns; j++)
                    panel[j] = b[j];
        else
            for (var j = 0; j < columns; j++, b += step.Column)
                for (var k = 0; k < inner; k++)
                    panel[(k * width) + j] = b[(long)k * step.K];
    }

    /// <summary>All rows over one panel. What is left of the rows is done by a tile that begins earlier and writes the
    /// same values again, or, where there are too few, row by row.</summary>
    private static void Panel(Product product, float* a, float* panel, float* c, float* bias, int from, int to, int columns)
    {
        var width = 2 * V.Count;
        var offsets = stackalloc float[width];
        var hasBias = bias is not null;
        if (hasBias)
            for (var j = 0; j < columns; j++)
                offsets[j] = bias[j];
        var edge = stackalloc float[TileRows * width];
        for (var row = from; row < to;)
        {
            var rows = to - row >= TileRows ? TileRows : 1;
            if (rows == 1 && to - from >= TileRows)
                (row, rows) = (to - TileRows, TileRows);
            var left = a + ((long)row * product.Left.Row);
            var target = c + ((long)row * product.Columns);
            var into = columns == width ? target : edge;
            var step = columns == width ? product.Columns : width;
            if (rows == TileRows)
                Tile(product.Inner, left, product.Left.Row, product.Left.K, panel, hasBias ? offsets : null, into, step);
            else
                Row(product.Inner, left, product.Left.K, panel, hasBias ? offsets : null, into);
            if (columns < width)
                for (var i = 0; i < rows; i++)
                    for (var j = 0; j < columns; j++)
                        target[(i * (long)product.Columns) + j] = edge[(i * width) + j];
            row += rows;
        }
    }

    /// <summary>Eight rows by two vectors, held in registers from the first k to the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile(int inner, float* a, int stepRow, int stepK, float* panel, float* bias, float* c, int stepC)
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
        Store(c00, c01, c);
        Store(c10, c11, c + stepC);
        Store(c20, c21, c + (2 * stepC));
        Store(c30, c31, c + (3 * stepC));
        Store(c40, c41, c + (4 * stepC));
        Store(c50, c51, c + (5 * stepC));
        Store(c60, c61, c + (6 * stepC));
        Store(c70, c71, c + (7 * stepC));
    }

    /// <summary>One row by two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(int inner, float* a, int stepK, float* panel, float* bias, float* c)
    {
        V c0 = V.Of(0), c1 = c0;
        for (var k = 0; k < inner; k++, a += stepK, panel += 2 * V.Count)
        {
            var x = V.Of(*a);
            (c0, c1) = (V.Fma(x, V.Load(panel), c0), V.Fma(x, V.Load(panel + V.Count), c1));
        }
        if (bias is not null)
            (c0, c1) = (c0 + V.Load(bias), c1 + V.Load(bias + V.Count));
        Store(c0, c1, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(V first, V second, float* c)
    {
        first.Store(c);
        second.Store(c + V.Count);
    }
}
