#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The gated recurrent unit of Cho et al.: "Learning phrase representations using RNN encoder-decoder for statistical
// machine translation", 2014, https://arxiv.org/abs/1406.1078, equations 5 to 8, in makemore.py's sizes.
//
// New since lstm.csx: one vector again, and one gate fewer. z says how much of h is replaced, so forgetting and letting
// in are one decision; r says how much of h the replacement may look at. (The paper's z is this one's 1 − z.)

var run = Run.Open(Args, "gru", "A gated recurrent unit (Cho et al. 2014).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

Params Init(Key key) => new(
    Tensor.Zeros([1, H]),
    Embedding.Init(key.At(0), V, E),
    new Cell(Gate(key.At(1)), Gate(key.At(2)), Gate(key.At(3))),
    Linear.Init(key.At(4), H, V));

Linear Gate(Key key) => Linear.Init(key, E + H, H);

Tensor Next(Cell p, Tensor x, Tensor h)                                     // (B, E), (B, H)
{
    var xh = Concat(1, x, h);                                               // (B, E + H)
    var r = Sigmoid(p.XhToR.Forward(xh));                                   // (B, H)
    var z = Sigmoid(p.XhToZ.Forward(xh));                                   // (B, H)
    var hbar = Tanh(p.XhToHbar.Forward(Concat(1, x, r * h)));               // (B, H): reset before the product
    return ((1 - z) * h) + (z * hbar);                                      // (B, H)
}

Tensor Forward(Params p, Tensor ids, Dropout drop)                          // (B, T)
{
    var hs = Recurrence.Scan(p.Wte.Forward(ids), Start(p, ids.Shape[0]), (x, h) =>
    {
        var next = Next(p.Cell, x, h);
        return (next, next);
    });
    return p.LmHead.Forward(drop.Forward(hs));                              // (B, T, V)
}

// The start is learned, one for every word.
Tensor Start(Params p, int batch) => Recurrence.Start(p.Start, batch);      // (B, H)

(Tensor, Tensor) Step(Params p, Tensor h, Tensor ids)
{
    var next = Next(p.Cell, p.Wte.Forward(ids), h);
    return (p.LmHead.Forward(next), next);
}

var gru = Model.Of(run.Name, run.BlockSize, Init, Forward, Start, Step, run.Dropout);

return run.Fit(gru);

public sealed record Params(Tensor Start, Embedding Wte, Cell Cell, Linear LmHead);
public sealed record Cell(Linear XhToZ, Linear XhToR, Linear XhToHbar);
