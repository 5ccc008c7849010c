#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of transformer.csx: RMSNorm instead of LayerNorm, Zhang, Sennrich: "Root mean square layer normalization", 2019,
// https://arxiv.org/abs/1910.07467, equation 4, as in LLaMA. The mean stays where it is, and only the size is brought to 1.
//
// What was changed: the record RmsNorm with its Init and its two lines of Normalize, and the places that used LayerNorm.
// The rest is transformer.csx.

var run = Run.Open(Args, "rms-transformer", "transformer.csx with RMSNorm (Zhang, Sennrich 2019).",
    [Option.Training(maxSteps: 5000), Option.NLayer(4), Option.NHead(4), Option.NEmbd(64), Option.Dropout()]);
var (V, T, L, nh, C) = (run.VocabSize, run.BlockSize, run.NLayer, run.NHead, run.NEmbd);
run.Require(C % nh == 0, $"--n-embd {C} does not divide into --n-head {nh} heads");
var hs = C / nh;

Params Init(Key key) => new(
    new Body(
        Embedding.Init(key.At(0), V, C),
        Embedding.Init(key.At(1), T, C),
        [.. Enumerable.Range(0, L).Select(l => InitBlock(key.At(2).At(l)))],
        InitNorm()),
    Linear.Init(key.At(3), C, V, bias: false));

Block InitBlock(Key key) => new(
    InitNorm(), new Attention(Linear.Init(key.At(0), C, 3 * C), Linear.Init(key.At(1), C, C)),
    InitNorm(), new Mlp(Linear.Init(key.At(2), C, 4 * C), Linear.Init(key.At(3), 4 * C, C)));

RmsNorm InitNorm() => new(Tensor.Ones([C]));

// x / √(mean x² + ε), scaled.
Tensor Normalize(RmsNorm p, Tensor x)                                               // (…, C)
{
    var size = Sqrt(Mean(x * x, -1, keepDimension: true) + 1e-5f);                  // (…, 1)
    return x / size * p.Weight;                                                     // (…, C)
}

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
    var (y, cache) = Attend(p.Attn, Normalize(p.Ln1, x), past, drop);
    x += y;
    x += drop.At(2).Forward(p.Mlp.CProj.Forward(Gelu(p.Mlp.CFc.Forward(Normalize(p.Ln2, x)))));
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
    return (p.LmHead.Forward(Normalize(p.Transformer.LnF, x)), new(Concat(1, past.Ids, ids), [.. layers]));
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

var transformer = Model.Of(run.Name, T, Init, Forward, Start, Step, run.Dropout);

return run.Fit(transformer);

public sealed record Params(Body Transformer, Linear LmHead);
public sealed record Body(Embedding Wte, Embedding Wpe, ImmutableArray<Block> H, RmsNorm LnF);
public sealed record Block(RmsNorm Ln1, Attention Attn, RmsNorm Ln2, Mlp Mlp);
public sealed record Attention(Linear CAttn, Linear CProj);
public sealed record Mlp(Linear CFc, Linear CProj);
public sealed record RmsNorm(Tensor Weight);
public sealed record KeysValues(Tensor Keys, Tensor Values);
public sealed record Cache(Tensor Ids, ImmutableArray<KeysValues> Layers);
