using TorchSharp;
using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Raw Standardize(Raw x, float epsilon) => Run(() =>
        Keep(torch.nn.functional.layer_norm(At(x), [x.Shape[^1]], null, null, epsilon), x.Shape));

    /// <inheritdoc/>
    public Raw StandardizePullback(Raw g, Raw x, Raw y, float epsilon) => Run(() =>
        Keep(Standardized(At(g), At(x), At(y), epsilon), x.Shape));

    /// <inheritdoc/>
    public Raw LayerNorm(Raw x, Raw w, Raw b, float epsilon) => Run(() =>
        Keep(torch.nn.functional.layer_norm(At(x), [x.Shape[^1]], At(w), At(b), epsilon), x.Shape));

    /// <inheritdoc/>
    public (Raw X, Raw W, Raw B) LayerNormPullback(Raw g, Raw x, Raw w, float epsilon) => Run(() =>
    {
        var (rows, slopes) = (At(AsRows(x)), At(AsRows(g)));
        var standard = torch.nn.functional.layer_norm(rows, [x.Shape[^1]], null, null, epsilon);
        return (
            Keep(Standardized(slopes.mul(At(w)), rows, standard, epsilon).view(Sizes(x.Shape)), x.Shape),
            Keep(SumOfRows(slopes.mul(standard)), w.Shape), Keep(SumOfRows(slopes), w.Shape));
    });

    /// <inheritdoc/>
    public (Raw Y, Raw Mean, Raw Variance) BatchNorm(Raw x, Raw w, Raw b, Raw live, float epsilon) => Run(() =>
    {
        var (column, count) = (At(live).unsqueeze(1), At(live).sum());
        var mean = SumOfRows(At(x).mul(column)).div_(count);
        var centred = At(x).sub(mean);
        var variance = SumOfRows(centred.Squared().mul_(column)).div_(count);
        var scale = At(w).mul(variance.Plus(epsilon).rsqrt_());
        return (Keep(centred.mul_(scale).Add(At(b)), x.Shape), Keep(mean, w.Shape), Keep(variance, w.Shape));
    });

    /// <inheritdoc/>
    public (Raw X, Raw W, Raw B) BatchNormPullback(
        Raw g, Raw x, Raw w, Raw live, Raw mean, Raw variance, float epsilon) => Run(() =>
    {
        var spread = At(variance).Plus(epsilon).rsqrt_();
        var z = At(x).sub(At(mean)).mul_(spread);
        var (slopeW, slopeB) = (SumOfRows(At(g).mul(z)), SumOfRows(At(g)));
        var share = At(live).div(At(live).sum()).unsqueeze(1);
        var common = z.mul_(slopeW).Add(slopeB).mul_(share);
        return (
            Keep(At(g).sub(common).mul_(At(w).mul(spread)), x.Shape), Keep(slopeW, w.Shape), Keep(slopeB, w.Shape));
    });

    /// <summary>The pullback of y, x standardized over the last dimension: (g − mean(g) − y mean(g y)) / √(variance +
    /// ε).</summary>
    private static Torch Standardized(Torch g, Torch x, Torch y, float epsilon)
    {
        var rest = g.sub(Mean(g)).AddProduct(y, Mean(g.mul(y)), -1);
        return rest.mul_(Mean(x.sub(Mean(x)).Squared()).Add(epsilon).rsqrt_());
    }

    /// <summary>(R, C) → (C). Written <c>sum(0)</c> it would be the sum of all as bytes: C# takes 0 for any enumeration.</summary>
    private static Torch SumOfRows(Torch x) => x.sum([0L]);

    private static Torch Mean(Torch x) => x.mean([-1], keepdim: true);
}
