using TorchSharp;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Raw Permute(Raw x, ReadOnlySpan<int> order, Shape shape)
    {
        var axes = Array.ConvertAll(order.ToArray(), axis => (long)axis);
        return Run(() => Copied(At(x).permute(axes), shape, x, Of(x).Bounds));
    }

    /// <inheritdoc/>
    public Raw Slice(Raw x, int axis, int start, int length) => Run(() =>
        Copied(At(x).narrow(axis, start, length), x.Shape.With(axis, length), x, Of(x).Bounds));

    /// <inheritdoc/>
    public Raw Unslice(Raw x, int axis, int start, int length) => Run(() =>
    {
        var shape = x.Shape.With(axis, length);
        var whole = torch.zeros(Sizes(shape), torch.float32, _device);
        whole.narrow(axis, start, x.Shape[axis]).copy_(At(x));
        return Keep(whole, shape);
    });

    /// <inheritdoc/>
    public Raw AccumulateSlice(Raw sum, Raw x, int axis, int start) => Run(() =>
    {
        At(sum).narrow(axis, start, x.Shape[axis]).Add(At(x));
        return sum;
    });

    /// <inheritdoc/>
    public Raw Concat(ReadOnlySpan<Raw> parts, int axis, Shape shape)
    {
        var all = parts.ToArray();
        return Run(() => Copied(
            torch.cat(Array.ConvertAll(all, At), axis), shape, all[0],
            all.Select(part => Of(part).Bounds).Aggregate((a, b) => a.And(b))));
    }

    /// <inheritdoc/>
    public Raw BroadcastTo(Raw x, Shape shape) => Run(() => Copied(At(x).expand(Sizes(shape)), shape, x, Of(x).Bounds));

    /// <inheritdoc/>
    public Raw Gather(Raw table, Raw ids)
    {
        RequirePlaces("Gather: id", ids, 0, table.Shape[0]);
        Shape shape = [.. ids.Shape, table.Shape[1]];
        return Run(() => Moved(At(table).index_select(0, At(ids).view(-1)).view(Sizes(shape)), shape, table, Of(table).Bounds));
    }

    /// <inheritdoc/>
    public Raw ScatterAdd(Raw x, Raw ids, int rows) => Run(() =>
    {
        Shape shape = [rows, x.Shape[^1]];
        var sums = torch.zeros(Sizes(shape), torch.float32, _device);
        return Keep(sums.AddRows(At(ids).view(-1), At(AsRows(x))), shape);
    });
}
