using TorchSharp;
using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Raw Add(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).Plus(At(y)), shape));

    /// <inheritdoc/>
    public Raw Subtract(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).sub(At(y)), shape));

    /// <inheritdoc/>
    public Raw Multiply(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).mul(At(y)), shape));

    /// <inheritdoc/>
    public Raw Divide(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).div(At(y)), shape));

    /// <inheritdoc/>
    public Raw Equal(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).eq(At(y)).to(torch.float32), shape));

    /// <inheritdoc/>
    public Raw Greater(Raw x, Raw y, Shape shape) => Run(() => Keep(At(x).gt(At(y)).to(torch.float32), shape));

    /// <inheritdoc/>
    public Raw Where(Raw mask, Raw x, Raw y) => Run(() =>
        Moved(torch.where(At(mask).IsNotZero(), At(x), At(y)), x.Shape, x, Of(x).Bounds.And(Of(y).Bounds)));

    /// <inheritdoc/>
    public Raw Affine(Raw x, float scale, float offset) => Run(() => Keep(
        scale == 1 ? At(x).Plus(offset) : offset == 0 ? At(x).Times(scale) : At(x).Times(scale).Add(offset), x.Shape));

    /// <inheritdoc/>
    public Raw Exp(Raw x) => Run(() => Keep(At(x).exp(), x.Shape));

    /// <inheritdoc/>
    public Raw Log(Raw x) => Run(() => Keep(At(x).log(), x.Shape));

    /// <inheritdoc/>
    public Raw Tanh(Raw x) => Run(() => Keep(At(x).tanh(), x.Shape));

    /// <inheritdoc/>
    public Raw Sigmoid(Raw x) => Run(() => Keep(At(x).sigmoid(), x.Shape));

    /// <inheritdoc/>
    public Raw Relu(Raw x) => Run(() => Keep(At(x).relu(), x.Shape));

    /// <remarks>Written out: TorchSharp 0.105's own has only the form without tanh.</remarks>
    /// <inheritdoc/>
    public Raw Gelu(Raw x) => Run(() => Keep(GeluTanh(At(x)).Add(1).mul_(At(x)).Scale(0.5f), x.Shape));

    /// <inheritdoc/>
    public Raw Sqrt(Raw x) => Run(() => Keep(At(x).sqrt(), x.Shape));

    /// <inheritdoc/>
    public Raw Power(Raw x, float exponent) => Run(() => Keep(At(x).ToThe(exponent), x.Shape));

    /// <inheritdoc/>
    public Raw IsAtLeast(Raw ids, int bound) => Run(() => Keep(At(ids).IsAtLeast(bound).to(torch.float32), ids.Shape));

    /// <inheritdoc/>
    public Raw Accumulate(Raw sum, Raw x) => Run(() =>
    {
        At(sum).Add(At(x));
        return sum;
    });

    /// <inheritdoc/>
    public Raw TanhPullback(Raw g, Raw y) => Run(() =>
        Keep(At(g).PlusProduct(At(g).mul(At(y)), At(y), -1), g.Shape));                          // g − g y · y

    /// <inheritdoc/>
    public Raw SigmoidPullback(Raw g, Raw y) => Run(() =>
    {
        var gy = At(g).mul(At(y));
        return Keep(gy.PlusProduct(gy, At(y), -1), g.Shape);                                     // g y − g y · y
    });

    /// <remarks>With t the tanh of the forward pass: ½ (1 + t) + ½ x (1 − t²) √(2/π) (1 + 3 · 0.044715 x²).</remarks>
    /// <inheritdoc/>
    public Raw GeluPullback(Raw g, Raw x) => Run(() =>
    {
        var t = GeluTanh(At(x));
        var inner = At(x).Squared().Scale(3 * GeluConstants.Cubic).Add(1).Scale(GeluConstants.Scale).mul_(At(x));
        var slope = t.Squared().neg_().Add(1).mul_(inner).Add(t).Add(1).Scale(0.5f);
        return Keep(slope.mul_(At(g)), g.Shape);
    });

    /// <summary>tanh(√(2/π) (x + 0.044715 x³)).</summary>
    private static Torch GeluTanh(Torch x) =>
        x.Squared().Scale(GeluConstants.Cubic).Add(1).mul_(x).Scale(GeluConstants.Scale).tanh_();
}
