using TorchSharp;
using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public Raw MatMul(Raw x, Raw y, bool transposeX, bool transposeY, Shape shape) =>
        Run(() => Keep(torch.matmul(Matrices(x, transposeX), Matrices(y, transposeY)), shape));

    /// <inheritdoc/>
    public Raw Linear(Raw x, Raw w, Raw? b, Shape shape) => Run(() =>
        Keep(torch.nn.functional.linear(At(x), At(w), b is { } bias ? At(bias) : null), shape));

    private static Torch Matrices(Raw x, bool transpose) => transpose ? At(x).transpose(-2, -1) : At(x);
}
