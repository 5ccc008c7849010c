#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of mlp.csx: a gated hidden layer, as in Dauphin, Fan, Auli, Grangier: "Language modeling with gated
// convolutional networks", 2017, https://arxiv.org/abs/1612.08083, section 2. One half of the layer is the content, the
// other half says how much of it passes.
//
// What changed: one more Linear in the record and in Init, and one line of Forward. The rest is mlp.csx without makemore.py's names.

public sealed record GatedMlp(Embedding Wte, Linear Hidden, Linear Gate, Linear Head)
{
    public static GatedMlp Init(Key key, int V, int n, int E, int H) => new(
        Embedding.Init(key.At(0), V + 1, E),
        Linear.Init(key.At(1), n * E, H),
        Linear.Init(key.At(2), n * E, H),
        Linear.Init(key.At(3), H, V));

    public Tensor Forward(Tensor window, Dropout drop)              // (…, n)
    {
        var x = Wte.Forward(window).Flatten(-2);                    // (…, n·E)
        var h = Hidden.Forward(x) * Sigmoid(Gate.Forward(x));       // (…, H)
        return Head.Forward(drop.Forward(h));                       // (…, V)
    }
}

var run = Run.Open(Args, "gated-mlp", "mlp.csx with a gated hidden layer (Dauphin et al. 2017).",
    [Option.Training(maxSteps: 5000), Option.Context(), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, n, E, H) = (run.VocabSize, run.Context, run.NEmbd, run.NEmbd2);

var gated = Model.FromWindow(run.Name, run.BlockSize, n, blank: V,
    key => GatedMlp.Init(key, V, n, E, H), (p, window, drop) => p.Forward(window, drop), run.Dropout);

return run.Fit(gated);
