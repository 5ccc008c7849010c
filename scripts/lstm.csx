#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The long short-term memory, as in Graves: "Generating sequences with recurrent neural networks", 2013,
// https://arxiv.org/abs/1308.0850, equations 7 to 11 without peepholes, in the sizes of makemore.py's rnn.
//
// New since rnn.csx: next to h the state has a cell c, which is scaled by a gate and added to, but never squashed. What one gate lets in
// stays until another gate forgets it, so a gradient can travel back through many steps without vanishing.

public sealed record State(Tensor H, Tensor C);                             // (B, H) both

public sealed record Cell(Linear XhToI, Linear XhToF, Linear XhToO, Linear XhToG)
{
    public static Cell Init(Key i, Key f, Key o, Key g, int E, int H) => new(
        Linear.Init(i, E + H, H), Linear.Init(f, E + H, H), Linear.Init(o, E + H, H), Linear.Init(g, E + H, H));

    public State Forward(Tensor x, State past)                              // (B, E)
    {
        var xh = Concat(1, x, past.H);                                      // (B, E + H)
        var i = Sigmoid(XhToI.Forward(xh));                                 // (B, H): what to let in
        var f = Sigmoid(XhToF.Forward(xh));                                 // (B, H): what to keep
        var o = Sigmoid(XhToO.Forward(xh));                                 // (B, H): what to show
        var g = Tanh(XhToG.Forward(xh));                                    // (B, H): what is new
        var c = (f * past.C) + (i * g);                                     // (B, H)
        return new(o * Tanh(c), c);
    }
}

// The initial state is learned, the same for every word.
public sealed record Lstm(Tensor Start, Tensor StartCell, Embedding Wte, Cell Cell, Linear LmHead)
{
    public static Lstm Init(Key key, int V, int E, int H) => new(
        Tensor.Zeros([1, H]), Tensor.Zeros([1, H]),
        Embedding.Init(key.At(0), V, E),
        Cell.Init(key.At(1), key.At(2), key.At(3), key.At(4), E, H),
        Linear.Init(key.At(5), H, V));
}

var run = Run.Open(Args, "lstm", "A long short-term memory (Graves 2013).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

// As in rnn.csx, but only a part of the state is the output.
var lstm = Model.FromCell(
    run.Name, run.BlockSize, key => Lstm.Init(key, V, E, H),
    embed: (p, ids) => p.Wte.Forward(ids),
    start: p => new State(p.Start, p.StartCell),
    cell: (p, x, past) => p.Cell.Forward(x, past),
    output: state => state.H,
    head: (p, hs) => p.LmHead.Forward(hs),
    run.Dropout);

return run.Fit(lstm);
