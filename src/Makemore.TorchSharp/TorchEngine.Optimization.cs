using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public (Raw M, Raw V, Raw Update) Adam(Raw g, Raw m, Raw v, AdamCoefficients adam) => Run(() =>
    {
        var (first, second, update) = Moments(g, m, v, adam);
        return (Keep(first, g.Shape), Keep(second, g.Shape), Keep(update, g.Shape));
    });

    /// <inheritdoc/>
    public (Raw M, Raw V, Raw Update) AdamW(Raw g, Raw m, Raw v, Raw p, AdamCoefficients adam, float decay, float rate) => Run(() =>
    {
        var (first, second, update) = Moments(g, m, v, adam);
        var decayed = decay == 0 ? update : update.Add(At(p), decay);
        return (Keep(first, g.Shape), Keep(second, g.Shape), Keep(decayed.Scale(-rate), g.Shape));
    });

    private static (Torch First, Torch Second, Torch Update) Moments(Raw g, Raw m, Raw v, AdamCoefficients adam)
    {
        var first = At(m).Times(adam.Beta1).Add(At(g), 1 - adam.Beta1);
        var second = At(v).Times(adam.Beta2).AddProduct(At(g), At(g), 1 - adam.Beta2);
        var spread = second.Times(1 / adam.Correction2).sqrt_().Add(adam.Epsilon);
        return (first, second, first.Times(1 / adam.Correction1).div_(spread));
    }
}
