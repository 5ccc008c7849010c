namespace Makemore;

/// <summary>Matrix products: sums over k in order, by fused multiply-adds. A single product that sums over the rows of both
/// matrices, such as the gradient of a weight, is computed from <see cref="MinSplitRows"/> rows on as two products, over the
/// first and the second half of the rows, and their sum. So the result depends neither on the vector width nor on how the work is
/// divided.</summary>
internal sealed unsafe partial class ManagedEngine<V>
{
    // With so few rows the right matrix is most often the weights of a cell or of a sampling step, which will be used again. With more,
    // up to those of a batch of samples, it is packed when it is.
    private const int FewRows = 96, SampleRows = 512;

    // A block of left rows and one of a panel fit the second-level cache; the rows are a multiple of those of every tile.
    private const int BlockRows = 144, BlockInner = 512;

    // Rows are divided among threads in groups: a multiple of the rows of every tile, and small, so that threads get as many.
    private const int TileGroup = 24;

    // The part of a right matrix that is packed at once, and the work that repays packing it for all threads.
    private const int SharedInner = 2 * BlockInner;
    private const long MinSharedWork = 1 << 21;

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
        var rights = y.Shape.Rank > 2 ? ((ManagedStorage)y.Storage).RunsOf(y.Shape[..^2].Size, n * k) : null;
        var one = new Product(m, n, k)
        {
            A = At(x),
            StepA = transposeX ? (1, m) : (k, 1),
            B = rights is null ? At(y) : rights.Pointer,
            StepB = transposeY ? (1, k) : (n, 1),
            C = At(result),
            Adds = adds,
        };
        if (y.Shape.Rank == 2 && !transposeX)
            Multiply(one with { Rows = shape.Size / Math.Max(1, n) }, x, y, result);
        else if (shape.Rank == 2)
            Multiply(one, x, y, result);
        else
            MultiplyEach(one, x, y, rights?.Capacity ?? n * k, shape[..^2]);
        return Finish(result, x, y);
    }

    public Raw Linear(Raw x, Raw w, Raw? b, Shape shape)
    {
        var result = Allocate(shape);
        var (n, k) = (w.Shape[0], w.Shape[1]);
        var product = new Product(shape.Size / Math.Max(1, n), n, k)
        {
            A = At(x),
            StepA = (k, 1),
            B = At(w),
            StepB = (1, k),
            C = At(result),
            Bias = b is { } bias ? At(bias) : null,
        };
        Multiply(product, x, w, result);
        return Finish(result, x, w, b.GetValueOrDefault());
    }

    /// <summary>A matrix product C = A · B, or a part of one.</summary>
    private readonly struct Product(int rows, int columns, int inner)
    {
        public int Rows { get; init; } = rows;

        public int Columns { get; init; } = columns;

        public int Inner { get; init; } = inner;

        public float* A { get; init; }

        /// <summary>The strides of A, per row and per k.</summary>
        public (int Row, int K) StepA { get; init; }

        public float* B { get; init; }

        /// <summary>The strides of B, per k and per column.</summary>
        public (int K, int Column) StepB { get; init; }

        public float* C { get; init; }

        /// <summary>The row stride of C.</summary>
        public int StepC { get; init; } = columns;

        /// <summary>Added to each row; null for nothing.</summary>
        public float* Bias { get; init; }

        /// <summary>Whether the product is added to what is in C, rather than replacing it. Not in several blocks of k.</summary>
        public bool Adds { get; init; }

        /// <summary>Whether C has the sums over the k before these, to continue.</summary>
        public bool Continues { get; init; }

        /// <summary>The cost in vector operations.</summary>
        public long Work => (long)Rows * Columns * Inner / 16;

        public Product OfRows(int from, int to) =>
            this with { Rows = to - from, A = A + ((long)from * StepA.Row), C = C + ((long)from * StepC) };

        public Product OfColumns(int from, int to) => this with
        {
            Columns = to - from,
            B = B + ((long)from * StepB.Column),
            C = C + from,
            Bias = Bias is null ? null : Bias + from,
        };

        /// <summary>The part of the sums over some k; the last one adds the bias.</summary>
        public Product OfInner(int from, int to) => this with
        {
            Inner = to - from,
            A = A + ((long)from * StepA.K),
            B = B + ((long)from * StepB.K),
            Bias = to == Inner ? Bias : null,
            Continues = Continues || from > 0,
        };
    }

    /// <summary>One product for each index of the batch dimensions; the right matrices are at a distance of
    /// <paramref name="sizeB"/>.</summary>
    private void MultiplyEach(Product product, Raw x, Raw y, int sizeB, Shape batch)
    {
        int sizeA = product.Rows * product.Inner, sizeC = product.Rows * product.Columns;
        ProductObserver?.Invoke(new(batch.Size, product.Rows, product.Inner, product.Columns));
        var (placesX, placesY) = (Places(batch, x.Shape[..^2], sizeA), Places(batch, y.Shape[..^2], sizeB));
        ParallelFor(x, batch.Size, 1, batch.Size * product.Work, (thread, from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                float* a = product.A + PlaceOf(placesX, i, sizeA), b = product.B + PlaceOf(placesY, i, sizeB);
                MultiplyAlone(product with { A = a, B = b, C = product.C + ((long)i * sizeC) }, thread);
            }
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
    private void Multiply(Product product, Raw x, Raw y, Raw result)
    {
        var isFew = product.Rows <= FewRows && (product.StepA.K == 1 || product.Inner <= FewRows);
        if (product.Adds && !(isFew && product.Inner <= BlockInner))
        {
            AddProduct(product, x, y);
            return;
        }
        ProductObserver?.Invoke(new(1, product.Rows, product.Inner, product.Columns));
        if (isFew)
            MultiplyFew(product, y);
        else if (product.StepA.K != 1 && Halves(product.Inner) == 2)
            MultiplyHalves(product, x);
        else if (product.Rows <= SampleRows && BlockOf(y).IsUsedAgain(product.StepB.K == 1, product.Inner, product.Columns))
            MultiplyFew(product, y);
        else if (product.Work >= MinSharedWork)
            SetDistributed(result, MultiplyShared(product, x));
        else
            SetDistributed(result, ParallelFor(x, product.Rows, RowGrain, product.Work, (thread, from, to) =>
                MultiplyAlone(product.OfRows(from, to), thread)));
    }

    /// <summary>Computes a product before it adds it.</summary>
    private void AddProduct(Product product, Raw x, Raw y)
    {
        var result = Allocate([product.Rows, product.Columns]);
        Multiply(product with { Adds = false, C = At(result) }, x, y, result);
        AddRun(x, At(result), product.C, result.Shape.Size);
        Release(result.Storage);
    }

    /// <summary>One product with few rows, divided among the threads by columns.</summary>
    private void MultiplyFew(Product product, Raw y)
    {
        var packed = Packed(y, product);
        var panels = packed.Pointer;
        ParallelFor(default, product.Columns, PanelWidth, product.Work, (from, to) =>
            MultiplyPanels(product.OfColumns(from, to), panels + ((long)from * product.Inner)));
        GC.KeepAlive(packed);
    }

    /// <summary>One product that sums over rows: the product over the first half of them, plus that over the second. Each half of
    /// a small one is computed where its rows were.</summary>
    private void MultiplyHalves(Product product, Raw x)
    {
        var (first, second) = (Half(0), Half(1));
        if (second.Inner <= BlockInner && !IsWorthParallel(product.Work, x))
        {
            MultiplyAlone(first, 0);
            MultiplyAlone(second with { Adds = true }, 0);
            return;
        }
        var count = product.Rows * product.Columns;
        using var sums = RentScratch(count);
        second = second with { C = sums.Start };
        if (product.Work >= MinSharedWork)
        {
            MultiplyShared(first, x);
            MultiplyShared(second, x);
        }
        else
            ParallelSums(x, product.Inner, product.Columns, PanelWidth, product.Work, (thread, half, _, columns) =>
                MultiplyAlone((half == 0 ? first : second).OfColumns(columns.Start.Value, columns.End.Value), thread));
        AddRun(x, second.C, product.C, count);

        Product Half(int half)
        {
            var rows = RowsOf(half, product.Inner);
            return product.OfInner(rows.Start.Value, rows.End.Value) with { Continues = false };
        }
    }

    /// <summary>Adds elements to a sum in place.</summary>
    private void AddRun(Raw source, float* x, float* sum, int count) =>
        ParallelFor(source, count, 16, (long)count / 16 * MinCost, (from, to) => ZipRun(sum, x, sum, from, to, default(AddZip)));

    /// <summary>A large product: in turns, the threads pack a part of the right matrix, and multiply rows by it.</summary>
    /// <returns>Whether it was divided among several threads.</returns>
    private bool MultiplyShared(Product product, Raw x)
    {
        var isDivided = false;
        using var packed = RentScratch(Math.Min(SharedInner, product.Inner) * (product.Columns + PanelWidth));
        var panels = packed.Start;
        for (var k = 0; k < product.Inner; k += SharedInner)
        {
            var part = product.OfInner(k, Math.Min(k + SharedInner, product.Inner));
            ParallelFor(default, part.Columns, PanelWidth, (long)part.Inner * part.Columns / 4, (from, to) =>
                PackPanels(part.OfColumns(from, to), panels + ((long)from * part.Inner)));
            isDivided |= ParallelFor(x, part.Rows, TileGroup, part.Work, (_, from, to) =>
                MultiplyPanels(part.OfRows(from, to), panels));
        }
        return isDivided;
    }

    /// <summary>A product on one thread: one panel of the right matrix at a time is packed, and multiplied by all rows. A few rows
    /// repay it only if the matrix is transposed.</summary>
    private void MultiplyAlone(Product product, int thread)
    {
        if (product.Rows < TileRows && product.StepB.Column == 1)
        {
            MultiplyRows(product, product.B, isPacked: false);
            return;
        }
        using var panel = RentScratch(product.Inner * PanelWidth, thread);
        for (var column = 0; column < product.Columns; column += PanelWidth)
        {
            var part = product.OfColumns(column, Math.Min(column + PanelWidth, product.Columns));
            PackPanels(part, panel.Start);
            MultiplyPanels(part, panel.Start);
        }
    }

    /// <summary>A product with the panels of its right matrix, in blocks that fit the caches: Goto, van de Geijn: "Anatomy of
    /// high-performance matrix multiplication", 2008. From one block of k to the next, the sums are kept in the result.</summary>
    private static void MultiplyPanels(Product product, float* panels)
    {
        if (product.Rows < TileRows)
        {
            MultiplyRows(product, panels, isPacked: true);
            return;
        }
        for (var row = 0; row < product.Rows; row += BlockRows)
        {
            var rows = product.OfRows(row, Math.Min(row + BlockRows, product.Rows));
            for (var k = 0; k == 0 || k < product.Inner; k += BlockInner)
            {
                var block = rows.OfInner(k, Math.Min(k + BlockInner, product.Inner));
                for (var column = 0; column < product.Columns; column += PanelWidth)
                {
                    var part = block.OfColumns(column, Math.Min(column + PanelWidth, product.Columns));
                    MultiplyPanel(part, panels + ((long)column * product.Inner) + ((long)k * WidthOf(part.Columns)));
                }
            }
        }
    }
}
