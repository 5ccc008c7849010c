#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The recurrent network of Mikolov, Karafiát, Burget, Černocký, Khudanpur: "Recurrent neural network based language
// model", 2010, https://www.isca-archive.org/interspeech_2010/mikolov10_interspeech.html, in makemore.py's sizes.
//
// New since wavenet.csx: no window at all. One vector h carries what the network has seen, and the same cell updates it
// with each character; in principle its context has no end. (The paper squashes with a sigmoid, makemore.py with tanh.)

var run = Run.Open(Args, "rnn", "A recurrent network (Mikolov et al. 2010).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

Params Init(Key key) => new(
    Tensor.Zeros([1, H]),
    Embedding.Init(key.At(0), V, E),
    new Cell(Linear.Init(key.At(1), E + H, H)),
    Linear.Init(key.At(2), H, V));

// h′ = tanh(W [x, h] + b)
Tensor Next(Cell p, Tensor x, Tensor h) => Tanh(p.XhToH.Forward(Concat(1, x, h)));     // (B, E), (B, H) → (B, H)

Tensor Forward(Params p, Tensor ids, Dropout drop)                                      // (B, T)
{
    var hs = Recurrence.Scan(p.Wte.Forward(ids), Start(p, ids.Shape[0]), (x, h) =>
    {
        var next = Next(p.Cell, x, h);
        return (next, next);
    });
    return p.LmHead.Forward(drop.Forward(hs));                                          // (B, T, V)
}

// The start is learned, one for every word.
Tensor Start(Params p, int batch) => Recurrence.Start(p.Start, batch);                  // (B, H)

(Tensor, Tensor) Step(Params p, Tensor h, Tensor ids)
{
    var next = Next(p.Cell, p.Wte.Forward(ids), h);
    return (p.LmHead.Forward(next), next);
}

var rnn = Model.Of(run.Name, run.BlockSize, Init, Forward, Start, Step, run.Dropout);

return run.Fit(rnn);

public sealed record Params(Tensor Start, Embedding Wte, Cell Cell, Linear LmHead);
public sealed record Cell(Linear XhToH);
