#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of mlp.csx: the hidden layer is gated, as in Dauphin, Fan, Auli, Grangier: "Language modeling with gated
// convolutional networks", 2017, https://arxiv.org/abs/1612.08083, section 2. One half of the layer says what, the other
// half says how much of it.
//
// What was changed: one Linear more in Params and in Init, and one line of Logits. The rest is mlp.csx.

var run = Run.Open(Args, "gated-mlp", "mlp.csx with a gated hidden layer (Dauphin et al. 2017).",
    [Option.Training(maxSteps: 5000), Option.Context(), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, n, E, H) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2);

Params Init(Key key) => new(
    Embedding.Init(key.At(0), V + 1, E),
    Linear.Init(key.At(1), n * E, H),
    Linear.Init(key.At(2), n * E, H),
    Linear.Init(key.At(3), H, V));

Tensor Logits(Params p, Tensor window, Dropout drop)                // (…, n)
{
    var x = p.Wte.Forward(window).Flatten(-2);                      // (…, n·E)
    var h = p.Hidden.Forward(x) * Sigmoid(p.Gate.Forward(x));       // (…, H)
    return p.Head.Forward(drop.Forward(h));                         // (…, V)
}

var gated = Model.FromWindow<Params>(run.Name, run.BlockSize, n, blank: V, Init, Logits, run.Dropout);

return run.Fit(gated);

public sealed record Params(Embedding Wte, Linear Hidden, Linear Gate, Linear Head);
