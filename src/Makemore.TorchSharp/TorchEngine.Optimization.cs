using Torch = TorchSharp.torch.Tensor;

namespace Makemore;

public sealed partial class TorchEngine
{
    /// <inheritdoc/>
    public (Raw M, Raw V, Raw Update) Adam(Raw g, Raw m, Raw v, AdamForm form) => Run(() =>
    {
        var (first, second, update) = Moments(g, m, v, form);
        return (Keep(first, g.Shape), Keep(second, g.Shape), Keep(update, g.Shape));
    });

    /// <inheritdoc/>
    public (Raw M, Raw V, Raw Update) AdamW(Raw g, Raw m, Raw v, Raw p, AdamForm form, float decay, float rate) => Run(() =>
    {
        var (first, second, update) = Moments(g, m, v, form);
        var decayed = decay == 0 ? update : update.add_(At(p), decay);
        return (Keep(first, g.Shape), Keep(second, g.Shape), Keep(decayed.mul_(-rate), g.Shape));
    });

    private static (Torch First, Torch Second, Torch Update) Moments(Raw g, Raw m, Raw v, AdamForm form)
    {
        var first = At(m).mul(form.Beta1).add_(At(g), 1 - form.Beta1);
        var second = At(v).mul(form.Beta2).addcmul_(At(g), At(g), 1 - form.Beta2);
        var spread = second.div(form.Correction2).sqrt_().add_(form.Epsilon);
        return (first, second, first.div(form.Correction1).div_(spread));
    }
}
