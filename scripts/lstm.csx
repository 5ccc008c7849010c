#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The long short-term memory, as in Graves: "Generating sequences with recurrent neural networks", 2013,
// https://arxiv.org/abs/1308.0850, equations 7 to 11 without peepholes, in the sizes of makemore.py's rnn.
//
// New since rnn.csx: beside h a cell c, that is added to and never squashed. What a gate lets in stays until another
// gate forgets it, so a gradient can travel through many steps without dying.

var run = Run.Open(Args, "lstm", "A long short-term memory (Graves 2013).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

Params Init(Key key) => new(
    Tensor.Zeros([1, H]), Tensor.Zeros([1, H]),
    Embedding.Init(key.At(0), V, E),
    new Cell(Gate(key.At(1)), Gate(key.At(2)), Gate(key.At(3)), Gate(key.At(4))),
    Linear.Init(key.At(5), H, V));

Linear Gate(Key key) => Linear.Init(key, E + H, H);

Memory Next(Cell p, Tensor x, Memory past)                                  // (B, E)
{
    var xh = Concat(1, x, past.H);                                          // (B, E + H)
    var i = Sigmoid(p.XhToI.Forward(xh));                                   // (B, H): what to let in
    var f = Sigmoid(p.XhToF.Forward(xh));                                   // (B, H): what to keep
    var o = Sigmoid(p.XhToO.Forward(xh));                                   // (B, H): what to show
    var g = Tanh(p.XhToG.Forward(xh));                                      // (B, H): what is new
    var c = (f * past.C) + (i * g);                                         // (B, H)
    return new(o * Tanh(c), c);
}

Tensor Forward(Params p, Tensor ids, Dropout drop)                          // (B, T)
{
    var hs = Recurrence.Scan(p.Wte.Forward(ids), Start(p, ids.Shape[0]), (x, past) =>
    {
        var next = Next(p.Cell, x, past);
        return (next.H, next);
    });
    return p.LmHead.Forward(drop.Forward(hs));                              // (B, T, V)
}

// Both start at values that are learned, one for every word.
Memory Start(Params p, int batch) => new(Recurrence.Start(p.Start, batch), Recurrence.Start(p.StartCell, batch));

(Tensor, Memory) Step(Params p, Memory past, Tensor ids)
{
    var next = Next(p.Cell, p.Wte.Forward(ids), past);
    return (p.LmHead.Forward(next.H), next);
}

var lstm = Model.Of(run.Name, run.BlockSize, Init, Forward, Start, Step, run.Dropout);

return run.Fit(lstm);

public sealed record Params(Tensor Start, Tensor StartCell, Embedding Wte, Cell Cell, Linear LmHead);
public sealed record Cell(Linear XhToI, Linear XhToF, Linear XhToO, Linear XhToG);
public sealed record Memory(Tensor H, Tensor C);
