#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of mlp.csx: a mixture of experts, Shazeer et al.: "Outrageously large neural networks", 2017,
// https://arxiv.org/abs/1701.06538, section 2. Several hidden layers, of which a gate chooses two for each context, and a term in
// the loss that keeps the gate from choosing the same two for all: Fedus, Zoph, Shazeer: "Switch Transformers", 2022,
// https://arxiv.org/abs/2101.03961, equations 4 to 6.
//
// What changed: the hidden layer has one more dimension, X experts, and Fit gets a loss of the script's own. All experts compute,
// and those that were not chosen count with weight 0: at this size that is simpler than sorting contexts by expert, and not
// slower.

public sealed record Experts(Embedding Wte, Linear Gate, Tensor Hidden, Tensor Bias, Linear Head)
{
    public static Experts Init(Key key, int V, int n, int E, int H, int X) => new(
        Embedding.Init(key.At(0), V + 1, E),
        Linear.Init(key.At(1), n * E, X, bias: false),
        Stack(0, [.. key.At(2).Split(X).Select(expert => Initializations.XavierUniform(expert, [H, n * E]))]),
        Tensor.Zeros([X, H]),
        Linear.Init(key.At(3), H, V));

    public Tensor Forward(Tensor window, Dropout drop) => Mixed(window, drop).Logits;

    public (Tensor Logits, Tensor Chances, Tensor Chosen) Mixed(Tensor window, Dropout drop)        // (…, n)
    {
        var x = Wte.Forward(window.Reshape([-1, window.Shape[^1]])).Flatten(-2);        // (N, n·E)
        var chances = Softmax(Gate.Forward(x));                                         // (N, X)
        var (values, places) = TopK(chances, 2);                                        // 2 × (N, 2)
        var shares = values / Sum(values, -1, keepDimension: true);                     // (N, 2)
        var weights = ZerosLike(chances).ScatterAlong(-1, places, shares);              // (N, X), 0 but for two
        var h = Tanh(Einsum("nd,xhd->nxh", x, Hidden) + Bias);                          // (N, X, H)
        var y = Einsum("nx,nxh->nh", weights, h);                                       // (N, H)
        var logits = Head.Forward(drop.Forward(y));                                     // (N, V)
        return (logits.Reshape([.. window.Shape[..^1], -1]), chances, Greater(weights, 0));
    }
}

// X times the sum over experts of the share of contexts that chose one, times the mean chance it had: 2 if all are used alike.
// Padding does not count.
Tensor Balance(Tensor chances, Tensor chosen, Tensor live)                              // 2 × (N, X), (N, 1)
{
    var count = Sum(live);
    return chances.Shape[^1] * Sum(Sum(chosen * live, 0) / count * (Sum(chances * live, 0) / count));
}

Tensor Loss(Experts p, Batch batch, Key key)
{
    var drop = new Dropout(run.Dropout, key);
    var (logits, chances, chosen) = p.Mixed(Windows.Of(batch.X, n, blank: V), drop);    // (B, T, V), 2 × (B·T, X)
    var live = IsAtLeast(batch.Y, 0).Reshape([-1, 1]);                                  // (B·T, 1)
    return CrossEntropy(logits, batch.Y, run.LabelSmoothing) + (0.01 * Balance(chances, chosen, live));
}

var experts = Option.Number("--experts", 4, "the number of experts, of which each context uses two");
var run = Run.Open(Args, "experts", "mlp.csx with a mixture of experts (Shazeer et al. 2017).",
    [Option.Training(maxSteps: 5000), Option.Context(), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout(), experts]);
var (V, n, E, H, X) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2, run.Get(experts));
run.Require(X >= 2, $"--experts {X} is too few: each context uses two");

var mixture = Model.FromWindow(run.Name, run.BlockSize, n, blank: V,
    key => Experts.Init(key, V, n, E, H, X), (p, window, drop) => p.Forward(window, drop), run.Dropout);

return run.Fit(mixture, loss: Loss);
