using TorchSharp;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <remarks>Stable, so equal elements keep their order in both directions.</remarks>
    /// <inheritdoc/>
    public Raw ArgSort(Raw x, int axis, bool descending) => Run(() =>
    {
        var (_, places) = At(x).sort(axis, descending, stable: true);
        return Keep(places, x.Shape, Bounds.Unknown);
    });

    /// <inheritdoc/>
    public Raw GatherAlong(Raw x, Raw ids, int axis)
    {
        RequirePlaces("GatherAlong: id", ids, 0, x.Shape[axis]);
        return Run(() => Moved(At(x).gather(axis, At(ids)), ids.Shape, x, Of(x).Bounds));
    }

    /// <inheritdoc/>
    public Raw ScatterAddAlong(Raw x, Raw ids, int axis, int length)
    {
        RequirePlaces("ScatterAddAlong: id", ids, 0, length);
        var shape = x.Shape.With(axis, length);
        return Run(() => Keep(torch.zeros(Sizes(shape), torch.float32, _device).scatter_add_(axis, At(ids), At(x)), shape));
    }

    /// <inheritdoc/>
    public Raw CumulativeMax(Raw x, int axis) => x.Shape.Size == 0
        ? Full(0, x.Shape)
        : Run(() => Keep(At(x).cummax(axis).values, x.Shape));
}
