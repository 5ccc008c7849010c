#!/usr/bin/env dotnet-script
#load "../prelude.csx"
#nullable enable

// A tweak of transformer.csx: the decoder of Touvron et al.: "Llama 2", 2023, https://arxiv.org/abs/2307.09288.
//
// What changed: queries and keys are rotated by their position (Su et al. 2021) instead of adding position embeddings. Two heads
// share their keys and values (Ainslie et al. 2023). The hidden layer is gated (Shazeer 2020). RMSNorm takes the place of
// LayerNorm, nothing has a bias, and input and output embeddings are tied (Press, Wolf 2017). Without a cache: sampling
// recomputes the whole prefix for each token.

public sealed record Attention(Linear CAttn, Linear CProj, int Heads, int Groups)
{
    public static Attention Init(Key attn, Key proj, int C, int nh, int ng) => new(
        Linear.Init(attn, C, C + (2 * ng * (C / nh)), bias: false), Linear.Init(proj, C, C, bias: false), nh, ng);

    public Tensor Forward(Tensor x)                                                     // (B, T, C)
    {
        var (C, shared) = (x.Shape[^1], x.Shape[^1] / Heads * Groups);
        var qkv = CAttn.Forward(x).Split(-1, [C, shared, shared]);                      // (B, T, C), 2 × (B, T, ng·hs)
        var q = Rotary.Turn(ByHead(qkv[0], Heads));                                     // (B, nh, T, hs)
        var k = Rotary.Turn(ByHead(qkv[1], Groups)).Repeat(1, Heads / Groups);          // (B, nh, T, hs)
        var v = ByHead(qkv[2], Groups).Repeat(1, Heads / Groups);                       // (B, nh, T, hs)
        var scores = MatMul(q, k, transposeB: true) / Math.Sqrt(q.Shape[^1]);           // (B, nh, T, T)
        var y = MatMul(Softmax(MaskFuture(scores)), v);                                 // (B, nh, T, hs)
        return CProj.Forward(y.Transpose(1, 2).Flatten(-2));                            // (B, T, C)
    }

    static Tensor ByHead(Tensor x, int nh) => x.Reshape([x.Shape[0], x.Shape[1], nh, -1]).Transpose(1, 2);         // (B, nh, T, hs)
}

public sealed record SwiGlu(Linear Gate, Linear Up, Linear Down)
{
    // Three matrices of 8/3 C rows have as many parameters as two of 4 C.
    public static SwiGlu Init(Key gate, Key up, Key down, int C) => new(
        Linear.Init(gate, C, 8 * C / 3, bias: false), Linear.Init(up, C, 8 * C / 3, bias: false),
        Linear.Init(down, 8 * C / 3, C, bias: false));

    public Tensor Forward(Tensor x) => Down.Forward(Silu(Gate.Forward(x)) * Up.Forward(x));        // (B, T, C)
}

public sealed record Block(RmsNorm Ln1, Attention Attn, RmsNorm Ln2, SwiGlu Mlp)
{
    public static Block Init(Key key, int C, int nh, int ng) => new(
        RmsNorm.Init(C), Attention.Init(key.At(0), key.At(1), C, nh, ng),
        RmsNorm.Init(C), SwiGlu.Init(key.At(2), key.At(3), key.At(4), C));

    public Tensor Forward(Tensor x, Dropout drop)                                       // (B, T, C)
    {
        x += drop.At(0).Forward(Attn.Forward(Ln1.Forward(x)));                          // (B, T, C)
        return x + drop.At(1).Forward(Mlp.Forward(Ln2.Forward(x)));                     // (B, T, C)
    }
}

public sealed record Llama(Embedding Wte, ImmutableArray<Block> H, RmsNorm LnF)
{
    // Each character's vector is about ½ long, because the table gives the logits too, which start out that large.
    public static Llama Init(Key key, int V, int L, int nh, int ng, int C) => new(
        new Embedding(Tensor.Normal(key.At(0), [V, C]) / (2 * Math.Sqrt(C))),
        [.. key.At(1).Split(L).Select(block => Block.Init(block, C, nh, ng))],
        RmsNorm.Init(C));

    public Tensor Forward(Tensor ids, Dropout drop)                                     // (B, T)
    {
        var x = drop.At(H.Length).Forward(Wte.Forward(ids));                            // (B, T, C)
        for (var l = 0; l < H.Length; l++)
            x = H[l].Forward(x, drop.At(l));                                            // (B, T, C)
        return MatMul(LnF.Forward(x), Wte.Weight, transposeB: true);                    // (B, T, V)
    }
}

var run = Run.Open(Args, "llama", "A Transformer with rotary positions and grouped queries (Touvron et al. 2023).",
    [Option.Training(maxSteps: 5000), Option.NLayer(4), Option.NHead(4), Option.NEmbd(64), Option.Dropout()]);
var (V, T, L, nh, C) = (run.VocabSize, run.BlockSize, run.NLayer, run.NHead, run.NEmbd);
var ng = nh % 2 == 0 ? nh / 2 : 1;
run.Require(C % (2 * nh) == 0, $"--n-embd {C} does not divide into --n-head {nh} heads of an even size");

var llama = Model.FromForward(
    run.Name, T, key => Llama.Init(key, V, L, nh, ng, C), (p, ids, drop) => p.Forward(ids, drop), run.Dropout);

return run.Fit(llama);
