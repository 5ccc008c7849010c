#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The MLP with batch normalization: Ioffe, Szegedy: "Batch normalization: accelerating deep network training by
// reducing internal covariate shift", 2015, https://arxiv.org/abs/1502.03167, in the sizes of lecture 3.
//
// New since mlp.csx: every channel of the hidden layer is normalized to mean 0 and variance 1 over the batch, so that
// tanh gets inputs where it has a slope, whatever the weights before it do. The price: a word's outputs depend on the
// other words in the batch. So there are two ways through the layer, with the batch's statistics in training and with
// running ones in evaluation and sampling. Here they are two functions; there is no mode to forget to switch.

public sealed record Mlp(Embedding Wte, Linear Hidden, BatchNorm Bn, Linear Head)
{
    // Lecture 3's initialization: gain 5/3 before tanh (Kaiming), nearly 0 in the last layer. There is no bias before the
    // normalization, which would subtract it again.
    public static Mlp Init(Key key, int V, int n, int E, int H) => new(
        Embedding.Init(key.At(0), V + 1, E),
        new Linear(Normal(key.At(1), [H, n * E]) * (5f / 3 / MathF.Sqrt(n * E))),
        BatchNorm.Init(H),
        new Linear(Normal(key.At(2), [V, H]) * 0.01f, Tensor.Zeros([V])));

    static Tensor Normal(Key key, Shape shape) => Tensor.Of(key.Normals(shape.Size), shape);

    // In evaluation and sampling.
    public Tensor Forward(Tensor window)                                        // (…, n)
    {
        var h = Bn.Forward(PreActivation(window));                              // (…, H)
        return Logits(h, Dropout.None);                                         // (…, V)
    }

    // In training the updated running statistics come back too, as a new record. live is 1 at characters, 0 at padding.
    public (Tensor Logits, Mlp Updated) Train(Tensor window, Tensor live, Dropout drop)
    {
        var (h, bn) = Bn.Train(PreActivation(window), live);                    // (…, H)
        return (Logits(h, drop), this with { Bn = bn });                        // (…, V)
    }

    Tensor PreActivation(Tensor window) => Hidden.Forward(Wte.Forward(window).Flatten(-2));     // (…, n) → (…, H)

    Tensor Logits(Tensor h, Dropout drop) => Head.Forward(drop.Forward(Tanh(h)));               // (…, H) → (…, V)
}

var run = Run.Open(Args, "batchnorm", "A multilayer perceptron with batch normalization (Ioffe, Szegedy 2015).",
[
    Option.Training(maxSteps: 10000, learningRate: 3e-3, weightDecay: 0.1, batchSize: 64, schedule: "cosine", warmup: 200),
    Option.Context(3), Option.NEmbd(10), Option.NEmbd2(200), Option.Dropout(),
]);
var (V, n, E, H) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2);

var batchnorm = Model.FromWindow(run.Name, run.BlockSize, n, blank: V,
    key => Mlp.Init(key, V, n, E, H), (p, window) => p.Forward(window)) with
{
    Train = (p, batch, key) =>
        // Padding has the target −1; its positions are not live.
        p.Train(Windows.Of(batch.X, n, blank: V), live: IsAtLeast(batch.Y, 0), new(run.Dropout, key)),
};

return run.Fit(batchnorm);
