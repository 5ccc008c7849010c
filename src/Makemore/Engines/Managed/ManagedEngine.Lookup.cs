using System.Runtime.CompilerServices;

namespace Makemore;

/// <summary>
/// Linear maps of table rows side by side, such as the first layer over a window of embeddings. A row of x · wᵀ is the
/// sum over its places of (the table's row there) · (the part of w for that place)ᵀ. A table of tokens is small, and
/// a batch names each of its rows many times, so these products are made once, and each position adds up the ones it names.
/// </summary>
/// <remarks>A product is summed over k in order, the places are added in order, and threads share places or rows, never a
/// sum; so the bits are the same where few positions make their own products, which is cheaper for them. What is between
/// has its rows padded to whole lanes.</remarks>
internal sealed unsafe partial class ManagedEngine<V>
{
    // So often a row of the table has to be named for its products to be worth making.
    private const int MinUses = 2;

    public bool PrefersLookup(int rows, int entries) => rows >= MinUses * entries;

    public Raw LookupLinear(Raw x, Raw table, Raw ids, Raw w, Raw? b, Shape shape)
    {
        var form = new LookupForm(table, ids, w);
        var isShared = PrefersLookup(form.Rows, form.Entries);
        var (count, step, stepPlace) = isShared ? (form.Entries, form.Width, 0) : (form.Rows, form.Inputs, form.Width);
        ProductSeen?.Invoke(new(form.Places, count, form.Width, form.Outputs));
        var result = Take(shape);
        using var products = Borrow(count * form.Stride);
        float* known = products.Start, rows = At(isShared ? table : x), weights = At(w), target = At(result);
        var bias = b is { } offset ? At(offset) : null;
        var places = isShared ? Ints(ids) : null;
        var product = new Product(count, form.Outputs, form.Width, (step, 1), (1, form.Inputs)) { Stride = form.Stride };
        Share(default, form.Places, 1, form.Places * product.Work, (part, from, to) =>
        {
            using var panel = Borrow(form.Width * PanelWidth, part);
            for (var k = from; k < to; k++)
                MultiplyPanels(
                    product, rows + (k * stepPlace), weights + (k * form.Width), known + (k * form.Padded), null,
                    0, count, 0, form.Outputs, panel.Start);
        });
        Share(default, form.Rows, 1, form.Additions, (from, to) => AddNamed(form, known, places, bias, target, from, to));
        Keep(b.GetValueOrDefault(), ids);
        return Done(result, x, table, w);
    }

    public (Raw W, Raw Table) LookupLinearPullback(Raw g, Raw table, Raw ids, Raw w)
    {
        var form = new LookupForm(table, ids, w);
        ProductSeen?.Invoke(new(form.Places, form.Outputs, form.Entries, form.Width));
        ProductSeen?.Invoke(new(1, form.Entries, form.Places * form.Padded, form.Width));
        Raw slopeW = Take(w.Shape), slopeTable = Take(table.Shape);
        using var sums = Borrow(form.Entries * form.Stride);
        float* slopes = At(g), added = sums.Start, rows = At(table), weights = At(w), intoW = At(slopeW), intoTable = At(slopeTable);
        int* places = Ints(ids);
        var product = new Product(form.Outputs, form.Width, form.Entries, (1, form.Stride), (form.Width, 1)) { Stride = form.Inputs };
        Share(default, form.Places, 1, (form.Places * product.Work) + form.Additions, (part, from, to) =>
        {
            AddToNamed(form, slopes, places, added, from, to);
            using var panel = Borrow(form.Entries * PanelWidth, part);
            for (var k = from; k < to; k++)
                MultiplyPanels(
                    product, added + (k * form.Padded), rows, intoW + (k * form.Width), null, 0, form.Outputs, 0, form.Width,
                    panel.Start);
        });
        Share(default, form.Width, PanelWidth, form.Places * product.Work, (part, from, to) =>
        {
            using var panel = Borrow(form.Stride * PanelWidth, part);
            for (var column = from; column < to; column += PanelWidth)
                MultiplyPlaces(form, added, weights + column, intoTable + column, Math.Min(PanelWidth, to - column), panel.Start);
        });
        Keep(g, table, ids);
        Keep(w);
        return (slopeW, slopeTable);
    }

    /// <summary>The sizes: a table (Entries, Width), ids (Rows, Places), w (Outputs, Places · Width), and between them
    /// (Entries, Places, Outputs), padded.</summary>
    private readonly record struct LookupForm(int Entries, int Width, int Rows, int Places, int Outputs)
    {
        public LookupForm(Raw table, Raw ids, Raw w)
            : this(table.Shape[0], table.Shape[1], ids.Shape[..^1].Size, ids.Shape[^1], w.Shape[0])
        {
        }

        public int Inputs => Places * Width;

        public int Padded => Lanes<V>.Padded(Outputs);

        public int Stride => Places * Padded;

        /// <summary>The cost of the sums in vector operations.</summary>
        public long Additions => (long)Rows * Stride / Lanes<V>.Count;
    }

    /// <summary>result (Rows, Outputs) = Σ over places of known (Entries, Places, Outputs) at the id there, or at the row
    /// itself where there are no ids, plus the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddNamed(LookupForm form, float* known, int* ids, float* bias, float* result, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            var named = ids is null ? null : ids + ((long)row * form.Places);
            var target = result + ((long)row * form.Outputs);
            for (var column = 0; column < form.Outputs; column += V.Count)
            {
                var sum = V.Load(known + ((long)(named is null ? row : named[0]) * form.Stride) + column);
                for (var k = 1; k < form.Places; k++)
                    sum += V.Load(
                        known + ((long)(named is null ? row : named[k]) * form.Stride) + (k * form.Padded) + column);
                if (bias is not null)
                    sum += V.Load(bias + column);
                Store(sum, target + column, target + form.Outputs);
            }
        }
    }

    /// <summary>sums (Entries, Places, Outputs) over the rows of g (Rows, Outputs) that name an entry at a place, for some
    /// of the places; 0 where none does, and in the padding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddToNamed(LookupForm form, float* g, int* ids, float* sums, int from, int to)
    {
        for (var entry = 0; entry < form.Entries; entry++)
            new Span<float>(sums + ((long)entry * form.Stride) + (from * form.Padded), (to - from) * form.Padded).Clear();
        var marks = stackalloc float[Lanes<V>.Count];
        Lanes<V>.MarkRest(form.Outputs, marks);
        for (var row = 0; row < form.Rows; row++)
        {
            var named = ids + ((long)row * form.Places);
            var source = g + ((long)row * form.Outputs);
            for (var column = 0; column < form.Padded; column += V.Count)
            {
                var slope = column + V.Count <= form.Outputs
                    ? V.Load(source + column)
                    : V.And(V.Load(source + column), V.Load(marks + (column % Lanes<V>.Count)));
                for (var k = from; k < to; k++)
                {
                    var sum = sums + ((long)named[k] * form.Stride) + (k * form.Padded) + column;
                    (V.Load(sum) + slope).Store(sum);
                }
            }
        }
    }

    /// <summary>Some columns of the table's cotangent: sums (Entries, Places · Outputs) · w with its places one below the
    /// other.</summary>
    private static void MultiplyPlaces(LookupForm form, float* sums, float* w, float* result, int columns, float* panel)
    {
        var width = columns <= V.Count ? V.Count : PanelWidth;
        for (var k = 0; k < form.Places; k++)
        {
            var part = panel + ((long)k * form.Padded * width);
            Pack(w + (k * form.Width), (form.Inputs, 1), form.Outputs, columns, part);
            new Span<float>(part + (form.Outputs * width), (form.Padded - form.Outputs) * width).Clear();
        }
        var product = new Product(form.Entries, form.Width, form.Stride, (form.Stride, 1), default);
        Panel(product, sums, panel, result, null, 0, form.Entries, columns);
    }
}
