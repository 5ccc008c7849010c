using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// Linear maps of concatenated table rows, such as the first layer over a window of embeddings. A row of x · wᵀ is the sum over
/// its places of (the table row at the place) · (the part of w for the place)ᵀ. An embedding table is small, and a batch looks up
/// each of its rows many times, so these products are computed once, and each position sums the ones it looks up.
/// </summary>
/// <remarks>A product accumulates over k in order, places are added in order, and threads divide places or rows, never a sum. So
/// the bits are the same when few positions compute their own products, which is cheaper for them. Rows of intermediate results
/// are padded to whole lanes.</remarks>
internal sealed unsafe partial class ManagedEngine<V>
{
    // The number of uses of a table row that repays computing its products.
    private const int MinUses = 2;

    public bool PrefersLookup(int rows, int entries) => rows >= MinUses * entries;

    public Raw LookupLinear(Raw x, Raw table, Raw ids, Raw w, Raw? b, Shape shape)
    {
        var sizes = new LookupSizes(table, ids, w);
        var usesTable = PrefersLookup(sizes.Rows, sizes.Entries);
        var (count, step, stepPlace) = usesTable ? (sizes.Entries, sizes.Width, 0) : (sizes.Rows, sizes.Inputs, sizes.Width);
        ProductObserver?.Invoke(new(sizes.Places, count, sizes.Width, sizes.Outputs));
        var result = Allocate(shape);
        using var products = RentScratch(count * sizes.Stride);
        float* terms = products.Start, rows = At(usesTable ? table : x), weights = At(w), target = At(result);
        var bias = b is { } offset ? At(offset) : null;
        var places = usesTable ? Ints(ids) : null;
        var product = new Product(count, sizes.Outputs, sizes.Width)
        {
            StepA = (step, 1),
            StepB = (1, sizes.Inputs),
            StepC = sizes.Stride,
        };
        ParallelFor(default, sizes.Places, 1, sizes.Places * product.Work, (thread, from, to) =>
        {
            for (var k = from; k < to; k++)
            {
                float* a = rows + (k * stepPlace), part = weights + (k * sizes.Width);
                MultiplyAlone(product with { A = a, B = part, C = terms + (k * sizes.Padded) }, thread);
            }
        });
        ParallelFor(
            default, sizes.Rows, 1, sizes.Additions, (from, to) => SumLookups(sizes, terms, places, bias, target, from, to));
        KeepAlive(b.GetValueOrDefault(), ids);
        return Finish(result, x, table, w);
    }

    public (Raw W, Raw Table) LookupLinearPullback(Raw g, Raw table, Raw ids, Raw w)
    {
        var sizes = new LookupSizes(table, ids, w);
        ProductObserver?.Invoke(new(sizes.Places, sizes.Outputs, sizes.Entries, sizes.Width));
        ProductObserver?.Invoke(new(1, sizes.Entries, sizes.Places * sizes.Padded, sizes.Width));
        Raw gradW = Allocate(w.Shape), gradTable = Allocate(table.Shape);
        using var sums = RentScratch(sizes.Entries * sizes.Stride);
        float* grads = At(g), added = sums.Start, rows = At(table), weights = At(w), intoW = At(gradW), intoTable = At(gradTable);
        int* places = Ints(ids);
        var product = new Product(sizes.Outputs, sizes.Width, sizes.Entries)
        {
            StepA = (1, sizes.Stride),
            B = rows,
            StepB = (sizes.Width, 1),
            StepC = sizes.Inputs,
        };
        ParallelFor(default, sizes.Places, 1, (sizes.Places * product.Work) + sizes.Additions, (thread, from, to) =>
        {
            ScatterLookups(sizes, grads, places, added, from, to);
            for (var k = from; k < to; k++)
                MultiplyAlone(product with { A = added + (k * sizes.Padded), C = intoW + (k * sizes.Width) }, thread);
        });
        ParallelFor(default, sizes.Width, PanelWidth, sizes.Places * product.Work, (thread, from, to) =>
        {
            using var panel = RentScratch(sizes.Stride * PanelWidth, thread);
            for (var column = from; column < to; column += PanelWidth)
                MultiplyPlaces(
                    sizes, added, weights + column, intoTable + column, Math.Min(PanelWidth, to - column), panel.Start);
        });
        KeepAlive(g, table, ids);
        KeepAlive(w);
        return (gradW, gradTable);
    }

    /// <summary>The sizes of the table (Entries, Width), the ids (Rows, Places), w (Outputs, Places · Width) and the intermediate
    /// products (Entries, Places, Outputs), padded.</summary>
    private readonly record struct LookupSizes(int Entries, int Width, int Rows, int Places, int Outputs)
    {
        public LookupSizes(Raw table, Raw ids, Raw w)
            : this(table.Shape[0], table.Shape[1], ids.Shape[..^1].Size, ids.Shape[^1], w.Shape[0])
        {
        }

        public int Inputs => Places * Width;

        public int Padded => Lanes<V>.Padded(Outputs);

        public int Stride => Places * Padded;

        /// <summary>The cost of the sums in vector operations.</summary>
        public long Additions => (long)Rows * Stride / Lanes<V>.Count;
    }

    /// <summary>result (Rows, Outputs) = bias + Σ over places of terms (Entries, Places, Outputs) at the place's id, or at the
    /// row itself if there are no ids.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void SumLookups(LookupSizes sizes, float* terms, int* ids, float* bias, float* result, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            var rowIds = ids is null ? null : ids + ((long)row * sizes.Places);
            var target = result + ((long)row * sizes.Outputs);
            for (var column = 0; column < sizes.Outputs; column += V.Count)
            {
                var sum = V.Load(terms + ((long)(rowIds is null ? row : rowIds[0]) * sizes.Stride) + column);
                for (var k = 1; k < sizes.Places; k++)
                    sum += V.Load(
                        terms + ((long)(rowIds is null ? row : rowIds[k]) * sizes.Stride) + (k * sizes.Padded) + column);
                if (bias is not null)
                    sum += V.Load(bias + column);
                Store(sum, target + column, target + sizes.Outputs);
            }
        }
    }

    /// <summary>sums (Entries, Places, Outputs) over the rows of g (Rows, Outputs) that look up an entry at a place, for some
    /// of the places; 0 if no row does, and in the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ScatterLookups(LookupSizes sizes, float* g, int* ids, float* sums, int from, int to)
    {
        for (var entry = 0; entry < sizes.Entries; entry++)
            new Span<float>(sums + ((long)entry * sizes.Stride) + (from * sizes.Padded), (to - from) * sizes.Padded).Clear();
        var mask = stackalloc float[Lanes<V>.Count];
        Lanes<V>.TailMask(sizes.Outputs, mask);
        for (var row = 0; row < sizes.Rows; row++)
        {
            var rowIds = ids + ((long)row * sizes.Places);
            var source = g + ((long)row * sizes.Outputs);
            for (var column = 0; column < sizes.Padded; column += V.Count)
            {
                var slope = column + V.Count <= sizes.Outputs
                    ? V.Load(source + column)
                    : V.And(V.Load(source + column), V.Load(mask + (column % Lanes<V>.Count)));
                for (var k = from; k < to; k++)
                {
                    var sum = sums + ((long)rowIds[k] * sizes.Stride) + (k * sizes.Padded) + column;
                    (V.Load(sum) + slope).Store(sum);
                }
            }
        }
    }

    /// <summary>Some columns of the table's cotangent: sums (Entries, Places · Outputs) · w with its places stacked.</summary>
    private static void MultiplyPlaces(LookupSizes sizes, float* sums, float* w, float* result, int columns, float* panel)
    {
        var width = WidthOf(columns);
        for (var k = 0; k < sizes.Places; k++)
        {
            var part = panel + ((long)k * sizes.Padded * width);
            Pack(w + (k * sizes.Width), (sizes.Inputs, 1), sizes.Outputs, columns, part);
            new Span<float>(part + (sizes.Outputs * width), (sizes.Padded - sizes.Outputs) * width).Clear();
        }
        var product = new Product(sizes.Entries, columns, sizes.Stride)
        {
            A = sums,
            StepA = (sizes.Stride, 1),
            C = result,
            StepC = sizes.Width,
        };
        MultiplyPanels(product, panel);
    }
}
