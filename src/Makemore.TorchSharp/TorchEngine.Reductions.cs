using TorchSharp;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Raw Sum(Raw x, int axis) => Run(() => Keep(At(x).sum(axis, keepdim: true), x.Shape.With(axis, 1)));

    /// <remarks>libtorch has no greatest of nothing.</remarks>
    /// <inheritdoc/>
    public Raw Max(Raw x, int axis) => x.Shape[axis] == 0
        ? Full(float.NegativeInfinity, x.Shape.With(axis, 1))
        : Run(() => Keep(At(x).amax([axis], keepdim: true), x.Shape.With(axis, 1)));

    /// <inheritdoc/>
    public Raw CumulativeSum(Raw x, int axis, bool reverse) => Run(() => Keep(
        reverse ? At(x).flip(axis).cumsum(axis).flip(axis) : At(x).cumsum(axis), x.Shape));

    /// <inheritdoc/>
    public Raw Softmax(Raw x) => Run(() => Keep(At(x).softmax(-1), x.Shape));

    /// <inheritdoc/>
    public Raw LogSoftmax(Raw x) => Run(() => Keep(At(x).log_softmax(-1), x.Shape));

    /// <inheritdoc/>
    public Raw SoftmaxPullback(Raw g, Raw y) => Run(() =>
    {
        var gy = At(g).mul(At(y));
        return Keep(gy.PlusProduct(At(y), gy.sum(-1, keepdim: true), -1), g.Shape);
    });

    /// <inheritdoc/>
    public Raw LogSoftmaxPullback(Raw g, Raw y) => Run(() =>
        Keep(At(g).PlusProduct(At(y).exp(), At(g).sum(-1, keepdim: true), -1), g.Shape));

    /// <inheritdoc/>
    public Raw MaskFuture(Raw x, float fill) => Run(() =>
    {
        var (rows, columns) = (x.Shape[^2], x.Shape[^1]);
        var future = torch.ones(rows, columns, torch.@bool, _device).triu(columns - rows + 1);
        return Keep(At(x).Filled(future, fill), x.Shape);
    });

    /// <inheritdoc/>
    public Raw TokenLoss(Raw logits, Raw targets)
    {
        var classes = logits.Shape[^1];
        RequirePlaces("TokenLoss: target", targets, -1, classes);
        return Run(() =>
        {
            var (rows, places) = (At(AsRows(logits)), At(targets).view(-1));
            var losses = torch.nn.functional.cross_entropy(rows, places, null, -1, torch.nn.Reduction.None);
            return Keep(losses.view(Sizes(targets.Shape)), targets.Shape);
        });
    }

    /// <inheritdoc/>
    public Raw TokenLossPullback(Raw g, Raw logits, Raw targets, Raw losses) => Run(() =>
    {
        var places = At(targets).view(-1, 1);                                                // (R, 1)
        var slopes = At(AsRows(logits)).softmax(-1);                                         // (R, V)
        var live = places.IsAtLeast(0);
        slopes.scatter_add_(1, places.mul(live), live.to(torch.float32).neg_());             // a dead row's place is 0
        return Keep(slopes.mul_(At(g).view(-1, 1)).mul_(live).view(Sizes(logits.Shape)), logits.Shape);
    });

    /// <summary>All dimensions but the last as one.</summary>
    private static Raw AsRows(Raw x) => x with { Shape = [x.Shape[..^1].Size, x.Shape[^1]] };

    private static void RequirePlaces(string what, Raw ids, int low, int count)
    {
        if (Of(ids).Bounds.AreIn(low, count - 1) || ids.Shape.Size == 0)
            return;
        var values = new int[ids.Shape.Size];
        ids.Storage.Engine.Read(ids, values);
        foreach (var place in values)
            if (place < low || place >= count)
                throw new ArgumentOutOfRangeException(nameof(ids), $"{what} {place} is not in {low} … {count - 1}.");
    }
}
