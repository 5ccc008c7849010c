#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The recurrent network of Mikolov, Karafiát, Burget, Černocký, Khudanpur: "Recurrent neural network based language
// model", 2010, https://www.isca-archive.org/interspeech_2010/mikolov10_interspeech.html, in makemore.py's sizes.
//
// New since wavenet.csx: no window at all. One vector h, the state, carries what the network has seen, and the same cell
// updates it at every character; in principle its context has no end. (The paper uses a sigmoid, makemore.py tanh.)

public sealed record Cell(Linear XhToH)
{
    public static Cell Init(Key key, int E, int H) => new(Linear.Init(key, E + H, H));

    // h_t = tanh(W [x_t, h_t−1] + b)
    public Tensor Forward(Tensor x, Tensor h) => Tanh(XhToH.Forward(Concat(1, x, h)));     // (B, E), (B, H) → (B, H)
}

// The initial state is learned, the same for every word.
public sealed record Rnn(Tensor Start, Embedding Wte, Cell Cell, Linear LmHead)
{
    public static Rnn Init(Key key, int V, int E, int H) => new(
        Tensor.Zeros([1, H]),
        Embedding.Init(key.At(0), V, E),
        Cell.Init(key.At(1), E, H),
        Linear.Init(key.At(2), H, V));
}

var run = Run.Open(Args, "rnn", "A recurrent network (Mikolov et al. 2010).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

// In training the cell runs through all characters of a word, in a loop that carries h along; in sampling h is all that is
// kept of the characters so far.
var rnn = Model.FromCell(
    run.Name, run.BlockSize, key => Rnn.Init(key, V, E, H),
    embed: (p, ids) => p.Wte.Forward(ids),                      // (B, T) → (B, T, E)
    start: p => p.Start,                                        // (1, H)
    cell: (p, x, h) => p.Cell.Forward(x, h),                    // (B, E), (B, H) → (B, H)
    head: (p, hs) => p.LmHead.Forward(hs),                      // (B, T, H) → (B, T, V)
    run.Dropout);

return run.Fit(rnn);
