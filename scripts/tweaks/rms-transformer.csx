#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of transformer.csx: RMSNorm instead of LayerNorm, Zhang, Sennrich: "Root mean square layer normalization", 2019,
// https://arxiv.org/abs/1910.07467, equation 4, as in LLaMA. It leaves the mean alone and only normalizes the size.
//
// What changed: RmsNorm takes the place of LayerNorm in Block and Gpt. The rest is transformer.csx without PyTorch's masks, as
// `diff scripts/transformer.csx scripts/tweaks/rms-transformer.csx` shows.

public sealed record Attention(Linear CAttn, Linear CProj, int Heads)
{
    public static Attention Init(Key attn, Key proj, int C, int nh) => new(Linear.Init(attn, C, 3 * C), Linear.Init(proj, C, C), nh);

    public Tensor Forward(Tensor x, Dropout drop)                                       // (B, T, C)
    {
        var (q, k, v) = Project(x);                                                     // 3 × (B, nh, T, hs)
        return Attend(q, k, v, drop);                                                   // (B, T, C)
    }

    public (Tensor Q, Tensor K, Tensor V) Project(Tensor x)                             // (B, T, C)
    {
        var qkv = CAttn.Forward(x).Split(-1, 3);                                        // 3 × (B, T, C)
        return (ByHead(qkv[0]), ByHead(qkv[1]), ByHead(qkv[2]));                        // 3 × (B, nh, T, hs)
    }

    // Every drop.At is a place in the model with random zeros of its own.
    public Tensor Attend(Tensor q, Tensor k, Tensor v, Dropout drop)                    // (B, nh, T, hs), 2 × (B, nh, S, hs)
    {
        var scores = MatMul(q, k, transposeB: true) / MathF.Sqrt(q.Shape[^1]);          // (B, nh, T, S)
        var weights = Softmax(MaskFuture(scores));                                      // (B, nh, T, S)
        var y = MatMul(drop.At(0).Forward(weights), v).Transpose(1, 2).Flatten(-2);     // (B, T, C)
        return drop.At(1).Forward(CProj.Forward(y));                                    // (B, T, C)
    }

    Tensor ByHead(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], Heads, -1]).Transpose(1, 2);     // (B, nh, T, hs)
}

public sealed record Mlp(Linear CFc, Linear CProj)
{
    public static Mlp Init(Key fc, Key proj, int C) => new(Linear.Init(fc, C, 4 * C), Linear.Init(proj, 4 * C, C));

    public Tensor Forward(Tensor x) => CProj.Forward(Gelu(CFc.Forward(x)));             // (B, T, C)
}

public sealed record Block(RmsNorm Ln1, Attention Attn, RmsNorm Ln2, Mlp Mlp)
{
    public static Block Init(Key key, int C, int nh) => new(
        RmsNorm.Init(C), Attention.Init(key.At(0), key.At(1), C, nh),
        RmsNorm.Init(C), Mlp.Init(key.At(2), key.At(3), C));

    public Tensor Forward(Tensor x, Dropout drop)                                       // (B, T, C)
    {
        x += Attn.Forward(Ln1.Forward(x), drop);                                        // (B, T, C)
        return x + drop.At(2).Forward(Mlp.Forward(Ln2.Forward(x)));                     // (B, T, C)
    }
}

public sealed record Gpt(
    [Leaf("transformer.wte")] Embedding Wte, [Leaf("transformer.wpe")] Embedding Wpe,
    [Leaf("transformer.h")] ImmutableArray<Block> H, [Leaf("transformer.ln_f")] RmsNorm LnF, Linear LmHead)
{
    // PyTorch's default initialization, as in makemore.py.
    public static Gpt Init(Key key, int V, int T, int L, int nh, int C) => new(
        Embedding.Init(key.At(0), V, C),
        Embedding.Init(key.At(1), T, C),
        [.. key.At(2).Split(L).Select(block => Block.Init(block, C, nh))],
        RmsNorm.Init(C),
        Linear.Init(key.At(3), C, V, bias: false));

    public Tensor Forward(Tensor ids, Dropout drop)                                     // (B, T)
    {
        var x = drop.At(H.Length).Forward(Embed(ids, 0));                               // (B, T, C)
        for (var l = 0; l < H.Length; l++)
            x = H[l].Forward(x, drop.At(l));                                            // (B, T, C)
        return Logits(x);                                                               // (B, T, V)
    }

    // The vector of each character plus that of its position; the first one is at position start.
    public Tensor Embed(Tensor ids, int start) => Wte.Forward(ids) + Wpe.Weight.Slice(0, start, ids.Shape[1]);

    public Tensor Logits(Tensor x) => LmHead.Forward(LnF.Forward(x));                   // (B, T, C) → (B, T, V)
}

// That is all of the model. What follows makes sampling cheap: no position sees a later one, so the keys and values of the
// characters so far stay the same. They are cached, and the next character costs one row of attention. A tweak can do
// without: Model.FromForward(run.Name, T, init, forward, dropout) computes the whole word again for every character.
public sealed record KeysValues(Tensor Keys, Tensor Values);                            // (B, nh, S, hs) both

ImmutableArray<KeysValues> Start(Gpt p, int batch)
{
    var empty = Tensor.Zeros([batch, nh, 0, C / nh], p.LmHead.Weight.Engine);           // (B, nh, 0, hs)
    return [.. p.H.Select(_ => new KeysValues(empty, empty))];
}

// As Gpt.Forward, for characters that follow the cached ones, from position start on.
(Tensor, ImmutableArray<KeysValues>) Read(Gpt p, ImmutableArray<KeysValues> past, Tensor ids, int start)
{
    var (x, cache) = (p.Embed(ids, start), new KeysValues[past.Length]);                // (B, T, C)
    for (var l = 0; l < cache.Length; l++)
        (x, cache[l]) = ReadBlock(p.H[l], past[l], x);                                  // (B, T, C)
    return (p.Logits(x), [.. cache]);                                                   // (B, T, V)
}

// As Block.Forward.
(Tensor, KeysValues) ReadBlock(Block p, KeysValues past, Tensor x)                      // (B, T, C)
{
    var (q, k, v) = p.Attn.Project(p.Ln1.Forward(x));                                   // 3 × (B, nh, T, hs)
    var all = new KeysValues(Concat(2, past.Keys, k), Concat(2, past.Values, v));       // 2 × (B, nh, S, hs)
    x += p.Attn.Attend(q, all.Keys, all.Values, Dropout.None);                          // (B, T, C)
    return (x + p.Mlp.Forward(p.Ln2.Forward(x)), all);                                  // (B, T, C)
}

var run = Run.Open(Args, "rms-transformer", "transformer.csx with RMSNorm (Zhang, Sennrich 2019).",
    [Option.Training(maxSteps: 5000), Option.NLayer(4), Option.NHead(4), Option.NEmbd(64), Option.Dropout()]);
var (V, T, L, nh, C) = (run.VocabSize, run.BlockSize, run.NLayer, run.NHead, run.NEmbd);
run.Require(C % nh == 0, $"--n-embd {C} does not divide into --n-head {nh} heads");

var transformer = Model.FromCache(
    run.Name, T, key => Gpt.Init(key, V, T, L, nh, C), (p, ids, drop) => p.Forward(ids, drop), Start, Read, run.Dropout);

return run.Fit(transformer);
