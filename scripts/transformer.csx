#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// The Transformer of Vaswani et al.: "Attention is all you need", 2017, https://arxiv.org/abs/1706.03762, decoder only
// and normalized before each part as in GPT-2 (Radford et al. 2019), in makemore.py's sizes.
//
// New since bow.csx: a character chooses what it looks at. It asks by a query, every character before it answers with
// a key, and how well they match decides how much of that one's value is taken: a mean whose weights are computed.
// Several heads do so side by side, blocks of it stand on each other, and each block only adds to what is there.

var run = Run.Open(Args, "transformer", "A decoder-only Transformer (Vaswani et al. 2017; GPT-2).",
    [Option.Training(maxSteps: 5000), Option.NLayer(4), Option.NHead(4), Option.NEmbd(64), Option.Dropout()]);
var (V, T, L, nh, C) = (run.VocabSize, run.BlockSize, run.NLayer, run.NHead, run.NEmbd);
run.Require(C % nh == 0, $"--n-embd {C} does not divide into --n-head {nh} heads");
var hs = C / nh;

// Starting values are PyTorch's defaults, as makemore.py leaves them.
Params Init(Key key) => new(
    new Body(
        Embedding.Init(key.At(0), V, C),
        Embedding.Init(key.At(1), T, C),
        [.. Enumerable.Range(0, L).Select(l => InitBlock(key.At(2).At(l)))],
        LayerNorm.Init(C)),
    Linear.Init(key.At(3), C, V, bias: false));

Block InitBlock(Key key) => new(
    LayerNorm.Init(C), new Attention(Linear.Init(key.At(0), C, 3 * C), Linear.Init(key.At(1), C, C)),
    LayerNorm.Init(C), new Mlp(Linear.Init(key.At(2), C, 4 * C), Linear.Init(key.At(3), 4 * C, C)));

// Causal self-attention: each position takes a weighted mean over itself, those before it, and those in the cache.
(Tensor, KeysValues) Attend(Attention p, Tensor x, KeysValues past, Dropout drop)   // (B, T, C)
{
    var qkv = p.CAttn.Forward(x).Split(-1, 3);                                      // 3 × (B, T, C)
    var q = Heads(qkv[0]);                                                          // (B, nh, T, hs)
    var k = Concat(2, past.Keys, Heads(qkv[1]));                                    // (B, nh, S, hs)
    var v = Concat(2, past.Values, Heads(qkv[2]));                                  // (B, nh, S, hs)
    var scores = MatMul(q, k, transposeB: true) / MathF.Sqrt(hs);                   // (B, nh, T, S)
    var weights = drop.At(0).Forward(Softmax(MaskFuture(scores)));                  // (B, nh, T, S)
    var y = MatMul(weights, v).Transpose(1, 2).Flatten(-2);                         // (B, T, C)
    return (drop.At(1).Forward(p.CProj.Forward(y)), new(k, v));
}

Tensor Heads(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], nh, hs]).Transpose(1, 2);

(Tensor, KeysValues) Layer(Block p, Tensor x, KeysValues past, Dropout drop)        // (B, T, C)
{
    var (y, cache) = Attend(p.Attn, p.Ln1.Forward(x), past, drop);
    x += y;
    x += drop.At(2).Forward(p.Mlp.CProj.Forward(Gelu(p.Mlp.CFc.Forward(p.Ln2.Forward(x)))));
    return (x, cache);
}

// All blocks, over ids (B, T) that follow those in the cache: logits (B, T, V) and the longer cache.
(Tensor Logits, Cache Cache) Advance(Params p, Cache past, Tensor ids, Dropout drop)
{
    var at = past.Ids.Shape[1];
    var x = p.Transformer.Wte.Forward(ids) + p.Transformer.Wpe.Weight.Slice(0, at, ids.Shape[1]);   // (B, T, C)
    x = drop.At(L).Forward(x);
    var layers = new KeysValues[L];
    for (var l = 0; l < L; l++)
        (x, layers[l]) = Layer(p.Transformer.H[l], x, past.Layers[l], drop.At(l));
    return (p.LmHead.Forward(p.Transformer.LnF.Forward(x)), new(Concat(1, past.Ids, ids), [.. layers]));
}

Tensor Forward(Params p, Tensor ids, Dropout drop) => Advance(p, Start(p, ids.Shape[0]), ids, drop).Logits;

Cache Start(Params p, int batch)
{
    var engine = p.LmHead.Weight.Engine;
    var empty = Tensor.Zeros([batch, nh, 0, hs], engine);
    return new(Windows.Blank(batch, 0, 0, engine), [.. Enumerable.Repeat(new KeysValues(empty, empty), L)]);
}

// One token costs one row of attention. Positions are learned and end with the block, so they cannot slide: when it is
// full, its last half is read again as the beginning of a new one, half a block's work every half block.
(Tensor, Cache) Step(Params p, Cache past, Tensor ids)
{
    if (past.Ids.Shape[1] == T)
        past = T == 1
            ? Start(p, ids.Shape[0])
            : Advance(p, Start(p, ids.Shape[0]), past.Ids.Slice(1, T - (T / 2), T / 2), Dropout.None).Cache;
    var (logits, cache) = Advance(p, past, ids.Reshape([-1, 1]), Dropout.None);
    return (logits.At(1, 0), cache);
}

// PyTorch's module keeps its masks with its parameters.
var transformer = Model.Of(run.Name, T, Init, Forward, Start, Step, run.Dropout) with
{
    Constants = _ => [.. Enumerable.Range(0, L).Select(l =>
        new Leaf($"transformer.h.{l}.attn.bias", Masks.Past(T).Reshape([1, 1, T, T])))],
};

return run.Fit(transformer);

public sealed record Params(Body Transformer, Linear LmHead);
public sealed record Body(Embedding Wte, Embedding Wpe, ImmutableArray<Block> H, LayerNorm LnF);
public sealed record Block(LayerNorm Ln1, Attention Attn, LayerNorm Ln2, Mlp Mlp);
public sealed record Attention(Linear CAttn, Linear CProj);
public sealed record Mlp(Linear CFc, Linear CProj);
public sealed record KeysValues(Tensor Keys, Tensor Values);
public sealed record Cache(Tensor Ids, ImmutableArray<KeysValues> Layers);
