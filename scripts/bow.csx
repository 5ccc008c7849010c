#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// A causal bag of words, makemore.py's: every character sees the mean of itself and all characters before it.
//
// New since gru.csx: no chain of steps. All positions are computed at once, because each one looks straight at all
// characters before it, with equal weights. That loses their order, which comes back by adding a vector for each position.
// It is the plainest form of attention; transformer.csx makes the weights depend on the characters.

public sealed record Mlp(Linear CFc, Linear CProj)
{
    public static Mlp Init(Key fc, Key proj, int E, int H) => new(Linear.Init(fc, E, H), Linear.Init(proj, H, E));

    public Tensor Forward(Tensor x) => CProj.Forward(Tanh(CFc.Forward(x)));             // (…, E) → (…, H) → (…, E)
}

public sealed record Bow(Embedding Wte, Embedding Wpe, [Leaf("context_block.mlp")] Mlp Mlp, Linear LmHead)
{
    public static Bow Init(Key key, int V, int T, int E, int H) => new(
        Embedding.Init(key.At(0), V, E),
        Embedding.Init(key.At(1), T, E),
        Mlp.Init(key.At(2), key.At(3), E, H),
        Linear.Init(key.At(4), E, V));

    public Tensor Forward(Tensor ids, Dropout drop)                                     // (B, T)
    {
        var x = Embed(ids, 0);                                                          // (B, T, E)
        return Logits(x, CumulativeSum(x, 1), 0, drop);                                 // (B, T, V)
    }

    // The vector of each character plus that of its position; the first one is at position start.
    public Tensor Embed(Tensor ids, int start) =>                                       // (B, T) → (B, T, E)
        Wte.Forward(ids) + Wpe.Weight.Slice(0, start, ids.Shape[1]);

    // The sum up to position t has t + 1 terms.
    public Tensor Logits(Tensor x, Tensor sums, int start, Dropout drop)                // (B, T, E), (B, T, E)
    {
        var counts = Enumerable.Range(start + 1, x.Shape[1]).Select(count => (float)count).ToArray();
        var h = x + (sums / Tensor.Of(counts, [counts.Length, 1], x.Engine));           // (B, T, E)
        h += drop.Forward(Mlp.Forward(h));                                              // (B, T, E)
        return LmHead.Forward(h);                                                       // (B, T, V)
    }
}

// What makes sampling cheap: the sum so far is enough; the characters in it need not be looked up again.
Tensor Start(Bow p, int batch) => Tensor.Zeros([batch, p.Wte.Weight.Shape[1]], p.Wte.Weight.Engine);        // (B, E)

(Tensor, Tensor) Read(Bow p, Tensor sum, Tensor ids, int start)                         // (B, E), (B, T)
{
    var x = p.Embed(ids, start);                                                        // (B, T, E)
    var sums = CumulativeSum(x, 1) + sum.Reshape([-1, 1, x.Shape[2]]);                  // (B, T, E)
    return (p.Logits(x, sums, start, Dropout.None), sums.At(1, ids.Shape[1] - 1));
}

var run = Run.Open(Args, "bow", "A causal bag of words: the mean of all characters so far.",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, T, E, H) = (run.VocabSize, run.BlockSize, run.NEmbd, run.NEmbd2);

// PyTorch's module stores its mask with the parameters.
var bow = Model.FromCache(
    run.Name, T, key => Bow.Init(key, V, T, E, H), (p, ids, drop) => p.Forward(ids, drop), Start, Read, run.Dropout) with
{
    Constants = _ => [new Leaf("context_block.cbow.bias", Masks.Past(T).Reshape([1, T, T]))],
};

return run.Fit(bow);
