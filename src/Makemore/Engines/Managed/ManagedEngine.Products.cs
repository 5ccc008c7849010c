namespace Makemore;

/// <summary>Matrix products: sums over k in order, by fused multiply-adds. A single product whose sums go over the rows of both
/// matrices, as the gradient of a weight does, is where there are many rows (<see cref="MinHalved"/>) two of these, over the
/// first and the second half of the rows, added up. So neither the width of the vectors nor how the work is divided shows in
/// the result.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    // The right matrix of so few rows is most often a cell's weights, its inputs, or a step of sampling, to be met again.
    private const int FewRows = 96;

    public Action<MatrixProduct>? ProductSeen { get; set; }

    public Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape) =>
        Multiply(x, y, transposeX, transposeY, Take(shape), adds: false);

    public Raw AccumulateMatMul(Raw sum, Raw x, Raw y, bool transposeX, bool transposeY)
    {
        AtSum(sum);
        return Multiply(x, y, transposeX, transposeY, sum, adds: true);
    }

    private Raw Multiply(Raw x, Raw y, bool transposeX, bool transposeY, Raw result, bool adds)
    {
        var shape = result.Shape;
        var (m, n) = (shape[^2], shape[^1]);
        var k = transposeX ? x.Shape[^2] : x.Shape[^1];
        var one = new Product(m, n, k, transposeX ? (1, m) : (k, 1), transposeY ? (1, k) : (n, 1)) { Adds = adds };
        if (y.Shape.Rank == 2 && !transposeX)
            Multiply(one with { Rows = shape.Size / Math.Max(1, n) }, x, y, result, null);
        else if (shape.Rank == 2)
            Multiply(one, x, y, result, null);
        else
            MultiplyEach(one, x, y, result, shape[..^2]);
        return Done(result, x, y);
    }

    public Raw Linear(Raw x, Raw w, Raw? b, Shape shape)
    {
        var result = Take(shape);
        var (n, k) = (w.Shape[0], w.Shape[1]);
        var product = new Product(shape.Size / Math.Max(1, n), n, k, (k, 1), (1, k));
        Multiply(product, x, w, result, b is { } bias ? At(bias) : null);
        return Done(result, x, w, b.GetValueOrDefault());
    }

    /// <summary>The sizes of one matrix product, and how far apart neighbours in a column (k) and in a row lie:
    /// for the left matrix (per row, per k), for the right one (per k, per column).</summary>
    private readonly record struct Product(int Rows, int Columns, int Inner, (int Row, int K) Left, (int K, int Column) Right)
    {
        /// <summary>How far apart the rows of the result lie.</summary>
        public int Stride { get; init; } = Columns;

        /// <summary>Whether the result is added to what is there.</summary>
        public bool Adds { get; init; }

        /// <summary>The cost in vector operations.</summary>
        public long Work => (long)Rows * Columns * Inner / 16;
    }

    /// <summary>One product for each place in the batch dimensions.</summary>
    private void MultiplyEach(Product product, Raw x, Raw y, Raw result, Shape batch)
    {
        var (m, n, k) = (product.Rows, product.Columns, product.Inner);
        ProductSeen?.Invoke(new(batch.Size, m, k, n));
        var placesX = Places(batch, x.Shape[..^2], m * k);
        var placesY = Places(batch, y.Shape[..^2], k * n);
        float* a = At(x), b = At(y), c = At(result);
        Share(x, batch.Size, 1, batch.Size * product.Work, (part, from, to) =>
        {
            using var panel = Borrow(k * PanelWidth, part);
            for (var i = from; i < to; i++)
                MultiplyPanels(
                    product, a + PlaceOf(placesX, i, m * k), b + PlaceOf(placesY, i, k * n), c + ((long)i * m * n), null,
                    0, m, 0, n, panel.Start);
        });

        static long PlaceOf(long[]? places, int i, int size) => places is null ? (long)i * size : places[i];
    }

    /// <summary>Where the matrix for each place in the batch begins; none where they lie one after the other.</summary>
    private static long[]? Places(Shape batch, Shape own, int size)
    {
        if (own == batch)
            return null;
        var table = new long[batch.Size];
        for (var place = 0; place < table.Length; place++)
        {
            var (left, whole, at) = (place, 1L, 0L);
            for (var i = 1; i <= own.Rank; left /= batch[^i], whole *= own[^i], i++)
                at += own[^i] == 1 ? 0 : left % batch[^i] * whole;
            table[place] = at * size;
        }
        return table;
    }

    /// <summary>One product, divided among the threads by rows: a thread goes on with those that it has made.</summary>
    private void Multiply(Product product, Raw x, Raw y, Raw result, float* bias)
    {
        float* a = At(x), c = At(result);
        ProductSeen?.Invoke(new(1, product.Rows, product.Inner, product.Columns));
        if (product.Rows <= FewRows && (product.Left.K == 1 || product.Inner <= FewRows))
        {
            var packed = Packed(y, product);
            MultiplyPacked(product, a, packed.Pointer, c, bias);
            GC.KeepAlive(packed);
            return;
        }
        var b = At(y);
        if (product.Left.K != 1 && Halves(product.Inner) == 2)
            MultiplyHalves(product, x, b, c);
        else
            Spread(result, Share(x, product.Rows, TileRows, product.Work, (part, from, to) =>
            {
                using var panel = Borrow(product.Inner * PanelWidth, part);
                MultiplyPanels(product, a, b, c, bias, from, to, 0, product.Columns, panel.Start);
            }));
    }

    /// <summary>One product whose sums go over rows, each half of them by the thread that has made these.</summary>
    private void MultiplyHalves(Product product, Raw x, float* b, float* c)
    {
        var a = At(x);
        var count = product.Rows * product.Columns;
        if (product.Adds)
        {
            using var whole = Borrow(count);
            MultiplyHalves(product with { Adds = false }, x, b, whole.Start);
            AddRun(x, whole.Start, c, count);
            return;
        }
        if (!IsWorthSharing(product.Work, x))
        {
            Half(0, RowsOf(0, product.Inner), c, 0..product.Columns, adds: false);
            Half(0, RowsOf(1, product.Inner), c, 0..product.Columns, adds: true);
            return;
        }
        using var second = Borrow(count);
        var sums = second.Start;
        ShareSums(x, product.Inner, product.Columns, PanelWidth, product.Work, (part, half, rows, columns) =>
            Half(part, rows, half == 0 ? c : sums, columns, adds: false));
        AddRun(x, sums, c, count);

        void Half(int part, Range rows, float* into, Range columns, bool adds)
        {
            var (from, to) = (rows.Start.Value, rows.End.Value);
            using var panel = Borrow((to - from) * PanelWidth, part);
            MultiplyPanels(
                product with { Inner = to - from, Adds = adds }, a + ((long)from * product.Left.K),
                b + ((long)from * product.Right.K), into, null, 0, product.Rows, columns.Start.Value, columns.End.Value,
                panel.Start);
        }
    }

    /// <summary>Adds so many elements to others.</summary>
    private void AddRun(Raw source, float* x, float* sum, int count) =>
        Share(source, count, 16, (long)count / 16 * MinCost, (from, to) => ZipRun(sum, x, sum, from, to, default(AddZip)));

    /// <summary>One product with a right matrix that has been laid out before.</summary>
    private void MultiplyPacked(Product product, float* a, float* packed, float* c, float* bias)
    {
        if (!IsWorthSharing(product.Work, default))
            Run(0, product.Columns);
        else
            Share(default, product.Columns, PanelWidth, product.Work, Run);

        void Run(int from, int to)
        {
            for (var column = from; column < to; column += PanelWidth)
                Panel(
                    product, a, packed + ((long)column * product.Inner), c + column, bias is null ? null : bias + column,
                    0, product.Rows, Math.Min(PanelWidth, to - column));
        }
    }

    /// <summary>Some rows and columns of a product: a panel of the right matrix at a time is laid out densely, then
    /// every tile of rows runs over it.</summary>
    private static void MultiplyPanels(
        Product product, float* a, float* b, float* c, float* bias, int fromRow, int toRow, int fromColumn, int toColumn,
        float* panel)
    {
        for (var column = fromColumn; column < toColumn; column += PanelWidth)
        {
            var columns = Math.Min(PanelWidth, toColumn - column);
            Pack(b + ((long)column * product.Right.Column), product.Right, product.Inner, columns, panel);
            Panel(product, a, panel, c + column, bias is null ? null : bias + column, fromRow, toRow, columns);
        }
    }
}
