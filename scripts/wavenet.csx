#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// WaveNet, van den Oord et al.: "WaveNet: a generative model for raw audio", 2016, https://arxiv.org/abs/1609.03499, as
// in lecture 5: its tree of dilated causal convolutions, with BatchNorm and tanh instead of gates and skips.
//
// New since batchnorm.csx: the context is not squashed into one layer at once. A layer joins two neighbours, the next
// one two of those pairs, the next two pairs of pairs: three layers see eight characters. Because every position's
// tree shares its branches with its neighbours', a layer is a convolution of width 2 with gaps of 1, 2, 4.

var run = Run.Open(Args, "wavenet", "Dilated causal convolutions (van den Oord et al. 2016).",
[
    Option.Training(maxSteps: 10000, learningRate: 2e-3, weightDecay: 0.1, schedule: "cosine", warmup: 200),
    Option.NLayer(3), Option.NEmbd(24), Option.NEmbd2(128), Option.Dropout(),
]);
var (V, L, E, H) = (run.VocabSize, run.NLayer, run.NEmbd, run.NEmbd2);
run.Require(L <= 12, $"--n-layer {L}: more than 12 layers look back on more than 4096 characters");

Params Init(Key key) => new(
    Embedding.Init(key.At(0), V + 1, E),
    [.. Enumerable.Range(0, L).Select(l => new Layer(
        Linear.Init(key.At(1).At(l), 2 * (l == 0 ? E : H), H, bias: false), BatchNorm.Init(H)))],
    Linear.Init(key.At(2), H, V));

// One node of the tree: two inputs d apart, the older first. What normalizes is given.
Tensor Node(Layer p, Tensor older, Tensor newer, Func<Tensor, Tensor> normalize) =>
    Tanh(normalize(p.Conv.Forward(Concat(-1, older, newer))));

// 2^L − 1 blanks stand before the word, so that every position has a whole tree; each layer uses up d of them.
Tensor Logits(Params p, Tensor ids, Func<int, Tensor, Tensor> normalize, Dropout drop)  // (B, T)
{
    var blanks = Windows.Blank(ids.Shape[0], (1 << L) - 1, V, ids.Engine);
    var h = p.Wte.Forward(Concat(1, blanks, ids));                                  // (B, 2^L − 1 + T, E)
    for (var l = 0; l < L; l++)
    {
        var (layer, d, left) = (l, 1 << l, h.Shape[1] - (1 << l));
        h = Node(p.Layers[l], h.Slice(1, 0, left), h.Slice(1, d, left), x => normalize(layer, x));
    }
    return p.Head.Forward(drop.Forward(h));                                         // (B, T, V)
}

Tensor Forward(Params p, Tensor ids, Dropout drop) => Logits(p, ids, (l, x) => p.Layers[l].Bn.Forward(x), drop);

// Statistics are over the nodes that end at a live position: blanks and padding do not count.
(Tensor, Params) Train(Params p, Batch batch, Key key)
{
    var updated = p.Layers.ToArray();
    var live = IsAtLeast(batch.Y, 0);                                               // (B, T)
    var logits = Logits(p, batch.X, (l, x) =>
    {
        var blanks = Tensor.Zeros([live.Shape[0], x.Shape[1] - live.Shape[1]], live.Engine);
        var (y, bn) = p.Layers[l].Bn.Train(x, Concat(1, blanks, live));
        updated[l] = updated[l] with { Bn = bn };
        return y;
    }, new(run.Dropout, key));
    return (logits, p with { Layers = [.. updated] });
}

// A layer needs its input of d tokens ago: a queue of the last d. Before the word they hold what blanks give.
ImmutableArray<Tensor> Start(Params p, int batch)
{
    var queues = new Tensor[L];
    var x = p.Wte.Forward(Windows.Blank(batch, 1, V, p.Wte.Weight.Engine)).At(1, 0);    // (B, E)
    for (var l = 0; l < L; l++)
    {
        queues[l] = Stack(1, [.. Enumerable.Repeat(x, 1 << l)]);                    // (B, d, C)
        x = Node(p.Layers[l], x, x, p.Layers[l].Bn.Forward);                        // (B, H)
    }
    return [.. queues];
}

(Tensor, ImmutableArray<Tensor>) Step(Params p, ImmutableArray<Tensor> queues, Tensor ids)
{
    var (next, x) = (new Tensor[L], p.Wte.Forward(ids));                            // (B, E)
    for (var l = 0; l < L; l++)
    {
        var queue = Concat(1, queues[l], x.Reshape([-1, 1, x.Shape[1]]));           // (B, d + 1, C)
        next[l] = queue.Slice(1, 1, 1 << l);
        x = Node(p.Layers[l], queue.At(1, 0), x, p.Layers[l].Bn.Forward);           // (B, H)
    }
    return (p.Head.Forward(x), [.. next]);
}

var wavenet = Model.Of(run.Name, run.BlockSize, Init, Forward, Start, Step) with { Train = Train };

return run.Fit(wavenet);

public sealed record Params(Embedding Wte, ImmutableArray<Layer> Layers, Linear Head);
public sealed record Layer(Linear Conv, BatchNorm Bn);
