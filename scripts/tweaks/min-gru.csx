#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of gru.csx: the minimal gated recurrent unit of Feng, Tung, Ahmed, Bengio, Hajimirsadeghi: "Were RNNs all we needed?",
// 2024, https://arxiv.org/abs/2410.01201, section 3.1. Its gate and its candidate see the character only, not the state. So both
// are computed for all positions at once, and what is left of the recurrence is linear in the state: one operation.
//
// What changed: the cell has two maps of x alone, and next to the recurrent form, which samples, there is the parallel one, which
// trains. --check-gradients compares the two.

public sealed record Cell(Linear XToZ, Linear XToHbar)
{
    public static Cell Init(Key z, Key hbar, int E, int H) => new(Linear.Init(z, E, H), Linear.Init(hbar, E, H));

    // One position after the other.
    public Tensor Step(Tensor x, Tensor h)                                      // (B, E), (B, H)
    {
        var (z, hbar) = Gates(x);                                               // 2 × (B, H)
        return ((1 - z) * h) + (z * hbar);                                      // (B, H)
    }

    // All positions: h(t) = (1 − z(t)) h(t − 1) + z(t) h̄(t), from h = 0 on.
    public Tensor Forward(Tensor x)                                             // (B, T, E)
    {
        var (z, hbar) = Gates(x);                                               // 2 × (B, T, H)
        return LinearRecurrence(1 - z, z * hbar, 1);                            // (B, T, H)
    }

    (Tensor Z, Tensor Hbar) Gates(Tensor x) => (Sigmoid(XToZ.Forward(x)), XToHbar.Forward(x));
}

public sealed record MinGru(Embedding Wte, Cell Cell, Linear Hidden, Linear LmHead)
{
    public static MinGru Init(Key key, int V, int E, int H) => new(
        Embedding.Init(key.At(0), V, E),
        Cell.Init(key.At(1), key.At(2), E, H),
        Linear.Init(key.At(3), H, H),
        Linear.Init(key.At(4), H, V));

    // A linear recurrence needs a layer after it that is not.
    public Tensor Logits(Tensor h) => LmHead.Forward(GeluExact(Hidden.Forward(h)));     // (…, H) → (…, V)
}

var run = Run.Open(Args, "min-gru", "A minimal gated recurrent unit, in parallel (Feng et al. 2024).",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, E, H) = (run.VocabSize, run.NEmbd, run.NEmbd2);

var minGru = Model.Of(
    run.Name, run.BlockSize, key => MinGru.Init(key, V, E, H),
    forward: (p, ids, drop) => p.Logits(drop.Forward(p.Cell.Forward(p.Wte.Forward(ids)))),
    start: (p, batch) => Tensor.Zeros([batch, H], p.LmHead.Weight.Engine),
    step: (p, h, ids) =>
    {
        var next = p.Cell.Step(p.Wte.Forward(ids), h);                          // (B, H)
        return (p.Logits(next), next);
    },
    run.Dropout);

return run.Fit(minGru);
