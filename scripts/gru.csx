#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The gated recurrent unit of Cho et al.: "Learning phrase representations using RNN encoder-decoder for statistical
// machine translation", 2014, https://arxiv.org/abs/1406.1078, equations 5 to 8, in makemore.py's sizes.
//
// New since lstm.csx: the state is a single vector again, with one gate fewer. z says how much of h is replaced, so
// forgetting and letting in are one decision; r says how much of h the replacement may see. (The paper's z is 1 − z here.)

public sealed record Cell(Linear XhToZ, Linear XhToR, Linear XhToHbar)
{
    public static Cell Init(Key z, Key r, Key hbar, int E, int H) => new(
        Linear.Init(z, E + H, H), Linear.Init(r, E + H, H), Linear.Init(hbar, E + H, H));

    public Tensor Forward(Tensor x, Tensor h)                                   // (B, E), (B, H)
    {
        var xh = Concat(1, x, h);                                               // (B, E + H)
        var r = Sigmoid(XhToR.Forward(xh));                                     // (B, H)
        var z = Sigmoid(XhToZ.Forward(xh));                                     // (B, H)
        var hbar = Tanh(XhToHbar.Forward(Concat(1, x, r * h)));                 // (B, H): reset before the product
        return ((1 - z) * h) + (z * hbar);                                      // (B, H)
    }
}

// The initial state is learned, the same for every word.
public sealed record Gru(Tensor Start, Embedding Wte, Cell Cell, Linear LmHead)
{
    public static Gru Init(Key key, int V, int E, int H) => new(
        Tensor.Zeros([1, H]),
        Embedding.Init(key.At(0), V, E),
        Cell.Init(key.At(1), key.At(2), key.At(3), E, H),
        Linear.Init(key.At(4), H, V));
}

var run = Run.Open(Args, "gru", "A gated recurrent unit (Cho et al. 2014).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

var gru = Model.FromCell(
    run.Name, run.BlockSize, key => Gru.Init(key, V, E, H),
    embed: (p, ids) => p.Wte.Forward(ids),
    start: p => p.Start,
    cell: (p, x, h) => p.Cell.Forward(x, h),
    head: (p, hs) => p.LmHead.Forward(hs),
    run.Dropout);

return run.Fit(gru);
