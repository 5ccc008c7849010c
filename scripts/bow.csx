#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// A causal bag of words, makemore.py's: every character looks at the mean of itself and all before it.
//
// New since gru.csx: no chain of steps. All positions are computed at once, because each looks straight at all
// characters before it, with equal weights. What that loses, their order, comes back by adding a vector for each place.
// It is the plainest form of attention; transformer.csx makes the weights depend on the characters.

var run = Run.Open(Args, "bow", "A causal bag of words: the mean of all characters so far.",
    [Option.Training(maxSteps: 5000), Option.NEmbd(64), Option.NEmbd2(64), Option.Dropout()]);
var (V, T, E, H) = (run.VocabSize, run.BlockSize, run.NEmbd, run.NEmbd2);

Params Init(Key key) => new(
    Embedding.Init(key.At(0), V, E),
    Embedding.Init(key.At(1), T, E),
    new ContextBlock(new Mlp(Linear.Init(key.At(2), E, H), Linear.Init(key.At(3), H, E))),
    Linear.Init(key.At(4), E, V));

// A character's vector and its place's: ids (B, t) that stand at start, start + 1, … → (B, t, E)
Tensor Embed(Params p, Tensor ids, int start) =>
    p.Wte.Forward(ids) + p.Wpe.Weight.Slice(0, start, ids.Shape[1]);

Tensor Logits(Params p, Tensor x, Tensor mean, Dropout drop)                        // (…, E), (…, E)
{
    var h = x + mean;
    h += drop.Forward(p.ContextBlock.Mlp.CProj.Forward(Tanh(p.ContextBlock.Mlp.CFc.Forward(h))));  // (…, E)
    return p.LmHead.Forward(h);                                                     // (…, V)
}

Tensor Forward(Params p, Tensor ids, Dropout drop)                                  // (B, t)
{
    var x = Embed(p, ids, 0);                                                       // (B, t, E)
    var counts = Tensor.Of([.. Enumerable.Range(1, ids.Shape[1]).Select(t => (float)t)], [ids.Shape[1], 1], x.Engine);
    return Logits(p, x, CumulativeSum(x, 1) / counts, drop);                        // (B, t, V)
}

Memory Start(Params p, int batch) =>
    new(Windows.Blank(batch, 0, 0, p.Wte.Weight.Engine), Tensor.Zeros([batch, E], p.Wte.Weight.Engine));

// Places are learned and end with the block. When it is full, its last half becomes the beginning of a new one.
(Tensor, Memory) Step(Params p, Memory past, Tensor ids)
{
    if (past.Ids.Shape[1] == T)
    {
        var half = past.Ids.Slice(1, T - (T / 2), T / 2);
        past = new(half, Sum(Embed(p, half, 0), 1));
    }
    var t = past.Ids.Shape[1];
    var x = Embed(p, ids.Reshape([-1, 1]), t).At(1, 0);                             // (B, E)
    var sum = past.Sum + x;                                                         // (B, E)
    return (Logits(p, x, sum / (t + 1), Dropout.None), new(Concat(1, past.Ids, ids.Reshape([-1, 1])), sum));
}

// PyTorch's module keeps its mask with its parameters.
var bow = Model.Of(run.Name, T, Init, Forward, Start, Step, run.Dropout) with
{
    Constants = _ => [new Leaf("context_block.cbow.bias", Masks.Past(T).Reshape([1, T, T]))],
};

return run.Fit(bow);

public sealed record Params(Embedding Wte, Embedding Wpe, ContextBlock ContextBlock, Linear LmHead);
public sealed record ContextBlock(Mlp Mlp);
public sealed record Mlp(Linear CFc, Linear CProj);
public sealed record Memory(Tensor Ids, Tensor Sum);
