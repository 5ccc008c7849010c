#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The MLP with batch normalization: Ioffe, Szegedy: "Batch normalization: accelerating deep network training by
// reducing internal covariate shift", 2015, https://arxiv.org/abs/1502.03167, in the sizes of lecture 3.
//
// New since mlp.csx: every channel of the hidden layer is brought to mean 0 and variance 1 over the batch, so that tanh
// gets inputs where it has a slope, whatever the weights below do. The price is that a word's outputs depend on the
// words beside it. So there are two ways through the layer: by the batch's statistics in training, by running ones in
// evaluation and sampling. Here they are two functions; there is no switch to forget.

var run = Run.Open(Args, "batchnorm", "A multilayer perceptron with batch normalization (Ioffe, Szegedy 2015).",
[
    Option.Training(maxSteps: 10000, learningRate: 3e-3, weightDecay: 0.1, batchSize: 64, schedule: "cosine", warmup: 200),
    Option.Context(3), Option.NEmbd(10), Option.NEmbd2(200), Option.Dropout(),
]);
var (V, n, E, H) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2);

// Lecture 3's starting values: gain 5/3 before tanh (Kaiming), nearly 0 in the last layer. No bias before a
// normalization, which would take it away again.
Params Init(Key key) => new(
    Embedding.Init(key.At(0), V + 1, E),
    new Linear(Normal(key.At(1), [H, n * E]) * (5f / 3 / MathF.Sqrt(n * E))),
    BatchNorm.Init(H),
    new Linear(Normal(key.At(2), [V, H]) * 0.01f, Tensor.Zeros([V])));

Tensor Normal(Key key, Shape shape) => Tensor.Of(key.Normals(shape.Size), shape);

// The same equations for both ways: what normalizes is given.
Tensor Logits(Params p, Tensor window, Func<Tensor, Tensor> normalize, Dropout drop)    // (…, n)
{
    var x = p.Wte.Forward(window).Flatten(-2);                                  // (…, n·E)
    var h = Tanh(normalize(p.Hidden.Forward(x)));                               // (…, H)
    return p.Head.Forward(drop.Forward(h));                                     // (…, V)
}

(Tensor, Params) Train(Params p, Batch batch, Key key)
{
    var updated = p.Bn;
    var logits = Logits(p, Windows.Of(batch.X, n, blank: V), x =>
    {
        (var y, updated) = p.Bn.Train(x, live: IsAtLeast(batch.Y, 0));
        return y;
    }, new(run.Dropout, key));
    return (logits, p with { Bn = updated });
}

var batchnorm = Model.FromWindow<Params>(
    run.Name, run.BlockSize, n, blank: V, Init, (p, window, drop) => Logits(p, window, p.Bn.Forward, drop)) with { Train = Train };

return run.Fit(batchnorm);

public sealed record Params(Embedding Wte, Linear Hidden, BatchNorm Bn, Linear Head);
