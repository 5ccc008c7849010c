#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// WaveNet, van den Oord et al.: "WaveNet: a generative model for raw audio", 2016, https://arxiv.org/abs/1609.03499, as
// in lecture 5: its tree of dilated causal convolutions, with BatchNorm and tanh instead of gates and skip connections.
//
// New since batchnorm.csx: the context is not squashed into one layer at once. The first layer joins two neighbors, the
// next one two of those pairs, the next two pairs of pairs: three layers see eight characters. Because the trees of
// neighboring positions share their branches, a layer is a convolution of width 2, dilated by 1, 2, 4.

// One level of the tree. A node joins two inputs d positions apart, the older first.
public sealed record Layer(Linear Conv, BatchNorm Bn)
{
    public static Layer Init(Key key, int C, int H) => new(Linear.Init(key, 2 * C, H, bias: false), BatchNorm.Init(H));

    public Tensor Forward(Tensor older, Tensor newer) => Tanh(Bn.Forward(Join(older, newer)));      // 2 × (…, C) → (…, H)

    public (Tensor Y, Layer Updated) Train(Tensor older, Tensor newer, Tensor live)
    {
        var (h, bn) = Bn.Train(Join(older, newer), live);                                           // (…, H)
        return (Tanh(h), this with { Bn = bn });
    }

    Tensor Join(Tensor older, Tensor newer) => Conv.Forward(Concat(-1, older, newer));
}

public sealed record WaveNet(Embedding Wte, ImmutableArray<Layer> Layers, Linear Head)
{
    public static WaveNet Init(Key key, int V, int L, int E, int H) => new(
        Embedding.Init(key.At(0), V + 1, E),
        [.. key.At(1).Split(L).Select((layer, l) => Layer.Init(layer, l == 0 ? E : H, H))],
        Linear.Init(key.At(2), H, V));

    public Tensor Forward(Tensor ids)                                                   // (B, T)
    {
        var h = Embed(ids);                                                             // (B, 2^L − 1 + T, E)
        for (var l = 0; l < Layers.Length; l++)
            h = Layers[l].Forward(Older(h, 1 << l), Newer(h, 1 << l));                  // d = 2^l positions fewer
        return Head.Forward(h);                                                         // (B, T, V)
    }

    // As Forward, but with the statistics of the batch: of the nodes that end at a live position, not at blanks or padding.
    public (Tensor Logits, WaveNet Updated) Train(Tensor ids, Tensor live, Dropout drop)
    {
        var (h, layers) = (Embed(ids), Layers.ToArray());                               // (B, 2^L − 1 + T, E)
        live = Concat(1, Tensor.Zeros([live.Shape[0], Blanks], live.Engine), live);     // (B, 2^L − 1 + T)
        for (var l = 0; l < layers.Length; l++)
        {
            live = Newer(live, 1 << l);
            (h, layers[l]) = Layers[l].Train(Older(h, 1 << l), Newer(h, 1 << l), live);
        }
        return (Head.Forward(drop.Forward(h)), this with { Layers = [.. layers] });     // (B, T, V)
    }

    // Blanks before the word give every position a whole tree. Their id is the last row of the embedding.
    Tensor Embed(Tensor ids) => Wte.Forward(Concat(1, Windows.Blank(ids.Shape[0], Blanks, Blank, ids.Engine), ids));

    public int Blank => Wte.Weight.Shape[0] - 1;

    int Blanks => (1 << Layers.Length) - 1;

    // Every position but the last d, and the ones d later.
    static Tensor Older(Tensor h, int d) => h.Slice(1, 0, h.Shape[1] - d);

    static Tensor Newer(Tensor h, int d) => h.Slice(1, d, h.Shape[1] - d);
}

// What makes sampling cheap: a layer needs its input of d positions ago, so the cache has a queue of the last d inputs for
// each layer. Before the word begins they hold what blanks give.
ImmutableArray<Tensor> Start(WaveNet p, int batch)
{
    var queues = new Tensor[p.Layers.Length];
    var x = p.Wte.Forward(Windows.Blank(batch, 1, p.Blank, p.Wte.Weight.Engine)).At(1, 0);      // (B, E)
    for (var l = 0; l < queues.Length; l++)
    {
        queues[l] = Stack(1, [.. Enumerable.Repeat(x, 1 << l)]);                        // (B, d, C)
        x = p.Layers[l].Forward(x, x);                                                  // (B, H)
    }
    return [.. queues];
}

(Tensor, ImmutableArray<Tensor>) Step(WaveNet p, ImmutableArray<Tensor> queues, Tensor ids)
{
    var (x, next) = (p.Wte.Forward(ids), new Tensor[queues.Length]);                    // (B, E)
    for (var l = 0; l < next.Length; l++)
    {
        var queue = Concat(1, queues[l], x.Reshape([-1, 1, x.Shape[1]]));               // (B, d + 1, C)
        next[l] = queue.Slice(1, 1, 1 << l);                                            // (B, d, C)
        x = p.Layers[l].Forward(queue.At(1, 0), x);                                     // (B, H)
    }
    return (p.Head.Forward(x), [.. next]);                                              // (B, V)
}

var run = Run.Open(Args, "wavenet", "Dilated causal convolutions (van den Oord et al. 2016).",
[
    Option.Training(maxSteps: 10000, learningRate: 2e-3, weightDecay: 0.1, schedule: "cosine", warmup: 200),
    Option.NLayer(3), Option.NEmbd(24), Option.NEmbd2(128), Option.Dropout(),
]);
var (V, L, E, H) = (run.VocabSize, run.NLayer, run.NEmbd, run.NEmbd2);
run.Require(L <= 12, $"--n-layer {L}: more than 12 layers look back more than 4096 characters");

var wavenet = Model.Of(
    run.Name, run.BlockSize, key => WaveNet.Init(key, V, L, E, H), (p, ids, _) => p.Forward(ids), Start, Step) with
{
    Train = (p, batch, key) => p.Train(batch.X, live: IsAtLeast(batch.Y, 0), new(run.Dropout, key)),
};

return run.Fit(wavenet);
