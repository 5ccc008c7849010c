#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The multilayer perceptron of Bengio, Ducharme, Vincent, Jauvin: "A neural probabilistic language model", 2003,
// https://www.jmlr.org/papers/v3/bengio03a.html, in makemore.py's sizes.
//
// New since ngram.csx: a character becomes a vector, and the table of counts a function of the vectors. A table has a
// row for each context it has met; a function also says something of contexts that are merely like one it has met,
// so the context can be the whole word.

var run = Run.Open(Args, "mlp", "A multilayer perceptron over the last characters (Bengio et al. 2003).",
    [Option.Training(maxSteps: 5000), Option.Context(), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, n, E, H) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2);

// Starting values are PyTorch's defaults. The row V of the embedding is <BLANK>, which stands before the word begins.
Params Init(Key key) => new(
    Embedding.Init(key.At(0), V + 1, E),
    Linear.Init(key.At(1), n * E, H),
    Linear.Init(key.At(2), H, V));

// The last n characters, newest first, as vectors side by side, through one hidden layer.
Tensor Logits(Params p, Tensor window, Dropout drop)                // (…, n)
{
    var x = p.Wte.Forward(window).Flatten(-2);                      // (…, n·E)
    var h = Tanh(p.Hidden.Forward(x));                              // (…, H)
    return p.Head.Forward(drop.Forward(h));                         // (…, V)
}

// Forward looks through the window of every position at once, Step through the last one.
var mlp = Model.FromWindow<Params>(run.Name, run.BlockSize, n, blank: V, Init, Logits, run.Dropout);

return run.Fit(mlp);

public sealed record Params(Embedding Wte, [Leaf("mlp.0")] Linear Hidden, [Leaf("mlp.2")] Linear Head);
