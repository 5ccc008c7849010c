namespace Makemore;

/// <summary>Matrix products: sums over k in order, by fused multiply-adds. A single product that sums over the rows of both
/// matrices, such as the gradient of a weight, is computed from <see cref="MinSplitRows"/> rows on as two products, over the
/// first and the second half of the rows, and their sum. So the result depends neither on the vector width nor on how the work is
/// divided.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    // With so few rows the right matrix is most often the weights of a cell or of a sampling step, which will be used again.
    private const int FewRows = 96;

    public Action<MatrixProduct>? ProductObserver { get; set; }

    public Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape) =>
        Multiply(x, y, transposeX, transposeY, Allocate(shape), adds: false);

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
        return Finish(result, x, y);
    }

    public Raw Linear(Raw x, Raw w, Raw? b, Shape shape)
    {
        var result = Allocate(shape);
        var (n, k) = (w.Shape[0], w.Shape[1]);
        var product = new Product(shape.Size / Math.Max(1, n), n, k, (k, 1), (1, k));
        Multiply(product, x, w, result, b is { } bias ? At(bias) : null);
        return Finish(result, x, w, b.GetValueOrDefault());
    }

    /// <summary>The sizes of a matrix product, and the strides of the left matrix (per row, per k) and of the right one (per k,
    /// per column).</summary>
    private readonly record struct Product(int Rows, int Columns, int Inner, (int Row, int K) Left, (int K, int Column) Right)
    {
        /// <summary>The row stride of the result.</summary>
        public int Stride { get; init; } = Columns;

        /// <summary>Whether the product is added to the result.</summary>
        public bool Adds { get; init; }

        /// <summary>The cost in vector operations.</summary>
        public long Work => (long)Rows * Columns * Inner / 16;
    }

    /// <summary>One product for each index of the batch dimensions.</summary>
    private void MultiplyEach(Product product, Raw x, Raw y, Raw result, Shape batch)
    {
        var (m, n, k) = (product.Rows, product.Columns, product.Inner);
        ProductObserver?.Invoke(new(batch.Size, m, k, n));
        var placesX = Places(batch, x.Shape[..^2], m * k);
        var placesY = Places(batch, y.Shape[..^2], k * n);
        float* a = At(x), b = At(y), c = At(result);
        ParallelFor(x, batch.Size, 1, batch.Size * product.Work, (part, from, to) =>
        {
            using var panel = RentScratch(k * PanelWidth, part);
            for (var i = from; i < to; i++)
                MultiplyPanels(
                    product, a + PlaceOf(placesX, i, m * k), b + PlaceOf(placesY, i, k * n), c + ((long)i * m * n), null,
                    0, m, 0, n, panel.Start);
        });

        static long PlaceOf(long[]? places, int i, int size) => places is null ? (long)i * size : places[i];
    }

    /// <summary>The offset of the matrix for each batch index; null if the matrices are contiguous.</summary>
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

    /// <summary>One product, divided among the threads by rows: a thread continues with the rows that it computed.</summary>
    private void Multiply(Product product, Raw x, Raw y, Raw result, float* bias)
    {
        float* a = At(x), c = At(result);
        ProductObserver?.Invoke(new(1, product.Rows, product.Inner, product.Columns));
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
            SetDistributed(result, ParallelFor(x, product.Rows, TileRows, product.Work, (part, from, to) =>
            {
                using var panel = RentScratch(product.Inner * PanelWidth, part);
                MultiplyPanels(product, a, b, c, bias, from, to, 0, product.Columns, panel.Start);
            }));
    }

    /// <summary>One product that sums over rows, each half of them on the thread that computed it.</summary>
    private void MultiplyHalves(Product product, Raw x, float* b, float* c)
    {
        var a = At(x);
        var count = product.Rows * product.Columns;
        if (product.Adds)
        {
            using var whole = RentScratch(count);
            MultiplyHalves(product with { Adds = false }, x, b, whole.Start);
            AddRun(x, whole.Start, c, count);
            return;
        }
        if (!IsWorthParallel(product.Work, x))
        {
            Half(0, RowsOf(0, product.Inner), c, 0..product.Columns, adds: false);
            Half(0, RowsOf(1, product.Inner), c, 0..product.Columns, adds: true);
            return;
        }
        using var second = RentScratch(count);
        var sums = second.Start;
        ParallelSums(x, product.Inner, product.Columns, PanelWidth, product.Work, (part, half, rows, columns) =>
            Half(part, rows, half == 0 ? c : sums, columns, adds: false));
        AddRun(x, sums, c, count);

        void Half(int part, Range rows, float* into, Range columns, bool adds)
        {
            var (from, to) = (rows.Start.Value, rows.End.Value);
            using var panel = RentScratch((to - from) * PanelWidth, part);
            MultiplyPanels(
                product with { Inner = to - from, Adds = adds }, a + ((long)from * product.Left.K),
                b + ((long)from * product.Right.K), into, null, 0, product.Rows, columns.Start.Value, columns.End.Value,
                panel.Start);
        }
    }

    /// <summary>Adds elements to a sum in place.</summary>
    private void AddRun(Raw source, float* x, float* sum, int count) =>
        ParallelFor(source, count, 16, (long)count / 16 * MinCost, (from, to) => ZipRun(sum, x, sum, from, to, default(AddZip)));

    /// <summary>One product with a packed right matrix.</summary>
    private void MultiplyPacked(Product product, float* a, float* packed, float* c, float* bias)
    {
        if (!IsWorthParallel(product.Work, default))
            Run(0, product.Columns);
        else
            ParallelFor(default, product.Columns, PanelWidth, product.Work, Run);

        void Run(int from, int to)
        {
            for (var column = from; column < to; column += PanelWidth)
                Panel(
                    product, a, packed + ((long)column * product.Inner), c + column, bias is null ? null : bias + column,
                    0, product.Rows, Math.Min(PanelWidth, to - column));
        }
    }

    /// <summary>Some rows and columns of a product: packs one panel of the right matrix at a time, and multiplies all tiles of
    /// rows by it.</summary>
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
