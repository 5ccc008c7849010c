#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The multilayer perceptron of Bengio, Ducharme, Vincent, Jauvin: "A neural probabilistic language model", 2003,
// https://www.jmlr.org/papers/v3/bengio03a.html, in makemore.py's sizes.
//
// New since ngram.csx: every character becomes a vector, and a function of the vectors takes the place of the table of
// counts. A table has a row for each context that it has seen; a function also generalizes to contexts that are merely
// similar, so the context can be the whole word.

// A part of a model is a record of its parameters, with their initialization (Init) and its equations (Forward). [Leaf] gives
// it makemore.py's name in model.safetensors; without it, Wte is called wte there.
public sealed record Mlp(Embedding Wte, [Leaf("mlp.0")] Linear Hidden, [Leaf("mlp.2")] Linear Head)
{
    // Every part draws its numbers from a key of its own, and Linear and Embedding draw as PyTorch does by default. Row V
    // of the embedding is for <BLANK>, the padding before the word begins.
    public static Mlp Init(Key key, int V, int n, int E, int H) => new(
        Embedding.Init(key.At(0), V + 1, E),
        Linear.Init(key.At(1), n * E, H),
        Linear.Init(key.At(2), H, V));

    // The vectors of the last n characters, newest first and concatenated, go through one hidden layer. In training with
    // --dropout, drop sets some of its outputs to 0 at random.
    public Tensor Forward(Tensor window, Dropout drop)              // (…, n)
    {
        var x = Wte.Forward(window).Flatten(-2);                    // (…, n·E)
        var h = Tanh(Hidden.Forward(x));                            // (…, H)
        return Head.Forward(drop.Forward(h));                       // (…, V)
    }
}

var run = Run.Open(Args, "mlp", "A multilayer perceptron over the last characters (Bengio et al. 2003).",
    [Option.Training(maxSteps: 5000), Option.Context(), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, n, E, H) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2);

// Training computes the windows of all positions at once, sampling only the last one.
var mlp = Model.FromWindow(run.Name, run.BlockSize, n, blank: V,
    key => Mlp.Init(key, V, n, E, H), (p, window, drop) => p.Forward(window, drop), run.Dropout);

// Fit trains the model, evaluates it, samples from it, and saves it with a report.
return run.Fit(mlp);
