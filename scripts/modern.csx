#!/usr/bin/env dotnet-script
#load "prelude.csx"
#nullable enable

// A Transformer of today. New since transformer.csx: what has changed since GPT-2, each a line or two, with an option to undo it.
//
// --no-rotary           Rotary positions, Su et al. 2021, https://arxiv.org/abs/2104.09864: queries and keys are turned by an angle
//                       that grows with the position, so that a match depends on the distance; no position embeddings.
// --no-rms-norm         RMSNorm, Zhang, Sennrich 2019, https://arxiv.org/abs/1910.07467: LayerNorm without its mean and its shift.
// --no-swiglu           SwiGLU, Shazeer 2020, https://arxiv.org/abs/2002.05202: half of the hidden layer is a gate for the other.
// --no-grouped-queries  Grouped queries, Ainslie et al. 2023, https://arxiv.org/abs/2305.13245: two heads share keys and values.
// --no-qk-norm          QK-norm, Henry et al. 2020, https://arxiv.org/abs/2010.04245: queries and keys are normalized, so that the
//                       scores of attention cannot grow without limit.
// --no-tying            Tied embeddings, Press, Wolf 2017, https://arxiv.org/abs/1608.05859: one table for the input and the output.
// --biases              No biases, as in PaLM, Chowdhery et al. 2022, https://arxiv.org/abs/2204.02311.
// --optimizer adamw     Muon, Jordan et al. 2024, https://kellerjordan.github.io/posts/muon: a matrix moves by an orthogonal one.
public sealed record Parts(bool Rotary, bool RmsNorm, bool SwiGlu, bool GroupedQueries, bool QkNorm, bool Tied, bool Biases)
{
    public Linear Map(Key key, int inputs, int outputs) => Linear.Init(key, inputs, outputs, Biases);
}

// A part that was undone is null, so that only Init knows the options.
public sealed record Norm(Tensor Weight, Tensor? Bias)
{
    public static Norm Init(int C, Parts parts) => new(Tensor.Ones([C]), parts.RmsNorm ? null : Tensor.Zeros([C]));

    public Tensor Forward(Tensor x) => Bias is null ? new RmsNorm(Weight).Forward(x) : new LayerNorm(Weight, Bias).Forward(x);
}

public sealed record Attention(
    Linear Q, Linear K, Linear V, Linear Proj, RmsNorm? QNorm, RmsNorm? KNorm, int HeadSize, bool IsRotary)
{
    public static Attention Init(Key key, int C, int nh, Parts parts)
    {
        var (hs, shared) = (C / nh, parts.GroupedQueries && nh % 2 == 0 ? C / 2 : C);   // ng·hs
        return new(
            parts.Map(key.At(0), C, C), parts.Map(key.At(1), C, shared), parts.Map(key.At(2), C, shared), parts.Map(key.At(3), C, C),
            parts.QkNorm ? RmsNorm.Init(hs) : null, parts.QkNorm ? RmsNorm.Init(hs) : null, hs, parts.Rotary);
    }

    public Tensor Forward(Tensor x, Dropout drop)                                       // (B, T, C)
    {
        var (q, k, v) = Project(x, 0);                                                  // (B, nh, T, hs), 2 × (B, ng, T, hs)
        return Attend(q, k, v, drop);                                                   // (B, T, C)
    }

    public (Tensor Q, Tensor K, Tensor V) Project(Tensor x, int start)                  // (B, T, C), from position start on
    {
        var (q, k, v) = (ByHead(Q.Forward(x)), ByHead(K.Forward(x)), ByHead(V.Forward(x)));
        (q, k) = (QNorm?.Forward(q) ?? q, KNorm?.Forward(k) ?? k);
        return IsRotary ? (Rotary.Turn(q, start), Rotary.Turn(k, start), v) : (q, k, v);
    }

    public Tensor Attend(Tensor q, Tensor k, Tensor v, Dropout drop)                    // (B, nh, T, hs), 2 × (B, ng, S, hs)
    {
        var heads = q.Shape[1] / k.Shape[1];
        var scores = MatMul(q, k.Repeat(1, heads), transposeB: true) / MathF.Sqrt(HeadSize);        // (B, nh, T, S)
        var weights = drop.At(0).Forward(Softmax(MaskFuture(scores)));                  // (B, nh, T, S)
        var y = MatMul(weights, v.Repeat(1, heads)).Transpose(1, 2).Flatten(-2);        // (B, T, C)
        return drop.At(1).Forward(Proj.Forward(y));                                     // (B, T, C)
    }

    Tensor ByHead(Tensor x) => x.Reshape([x.Shape[0], x.Shape[1], -1, HeadSize]).Transpose(1, 2);
}

public sealed record Mlp(Linear? Gate, Linear Up, Linear Down)
{
    // Three matrices of 8/3 C rows have as many parameters as two of 4 C.
    public static Mlp Init(Key key, int C, Parts parts)
    {
        var H = parts.SwiGlu ? 8 * C / 3 : 4 * C;
        return new(parts.SwiGlu ? parts.Map(key.At(0), C, H) : null, parts.Map(key.At(1), C, H), parts.Map(key.At(2), H, C));
    }

    public Tensor Forward(Tensor x) =>                                                  // (B, T, C)
        Down.Forward(Gate is null ? Gelu(Up.Forward(x)) : Silu(Gate.Forward(x)) * Up.Forward(x));
}

public sealed record Block(Norm Ln1, Attention Attn, Norm Ln2, Mlp Mlp)
{
    public static Block Init(Key key, int C, int nh, Parts parts) => new(
        Norm.Init(C, parts), Attention.Init(key.At(0), C, nh, parts), Norm.Init(C, parts), Mlp.Init(key.At(1), C, parts));

    public Tensor Forward(Tensor x, Dropout drop)                                       // (B, T, C)
    {
        x += Attn.Forward(Ln1.Forward(x), drop);                                        // (B, T, C)
        return x + drop.At(2).Forward(Mlp.Forward(Ln2.Forward(x)));                     // (B, T, C)
    }
}

public sealed record Gpt(Embedding Wte, Embedding? Wpe, ImmutableArray<Block> H, Norm LnF, Linear? LmHead)
{
    public static Gpt Init(Key key, int V, int T, int L, int nh, int C, Parts parts)
    {
        // A tied table gives the logits too, which should start out small.
        var size = parts.Tied ? 1 / (2 * MathF.Sqrt(C)) : 1;
        return new(
            new(Tensor.Normal(key.At(0), [V, C]) * size),
            parts.Rotary ? null : new(Tensor.Normal(key.At(1), [T, C]) * size),
            [.. key.At(2).Split(L).Select(block => Block.Init(block, C, nh, parts))],
            Norm.Init(C, parts),
            parts.Tied ? null : Linear.Init(key.At(3), C, V, bias: false));
    }

    public Tensor Forward(Tensor ids, Dropout drop)                                     // (B, T)
    {
        var x = drop.At(H.Length).Forward(Embed(ids, 0));                               // (B, T, C)
        for (var l = 0; l < H.Length; l++)
            x = H[l].Forward(x, drop.At(l));                                            // (B, T, C)
        return Logits(x);                                                               // (B, T, V)
    }

    public Tensor Embed(Tensor ids, int start) =>
        Wpe is null ? Wte.Forward(ids) : Wte.Forward(ids) + Wpe.Weight.Slice(0, start, ids.Shape[1]);

    // (B, T, C) → (B, T, V)
    public Tensor Logits(Tensor x) => LinearMap(LnF.Forward(x), LmHead is null ? Wte.Weight : LmHead.Weight);
}

// That is all of the model. The cache of keys and values is transformer.csx's; they are turned by their own positions.
public sealed record KeysValues(Tensor Keys, Tensor Values);                            // (B, ng, S, hs) both

ImmutableArray<KeysValues> Start(Gpt p, int batch) => [.. p.H.Select(block =>
{
    var (keys, hs) = (block.Attn.K.Weight, block.Attn.HeadSize);
    var empty = Tensor.Zeros([batch, keys.Shape[0] / hs, 0, hs], keys.Engine);          // (B, ng, 0, hs)
    return new KeysValues(empty, empty);
})];

// As Gpt.Forward, for characters that follow the cached ones, from position start on.
(Tensor, ImmutableArray<KeysValues>) Read(Gpt p, ImmutableArray<KeysValues> past, Tensor ids, int start)
{
    var (x, cache) = (p.Embed(ids, start), new KeysValues[past.Length]);                // (B, T, C)
    for (var l = 0; l < cache.Length; l++)
        (x, cache[l]) = ReadBlock(p.H[l], past[l], x, start);                           // (B, T, C)
    return (p.Logits(x), [.. cache]);                                                   // (B, T, V)
}

// As Block.Forward.
(Tensor, KeysValues) ReadBlock(Block p, KeysValues past, Tensor x, int start)           // (B, T, C)
{
    var (q, k, v) = p.Attn.Project(p.Ln1.Forward(x), start);                            // (B, nh, T, hs), 2 × (B, ng, T, hs)
    var all = new KeysValues(Concat(2, past.Keys, k), Concat(2, past.Values, v));       // 2 × (B, ng, S, hs)
    x += p.Attn.Attend(q, all.Keys, all.Values, Dropout.None);                          // (B, T, C)
    return (x + p.Mlp.Forward(p.Ln2.Forward(x)), all);                                  // (B, T, C)
}

var noRotary = Option.Switch("--no-rotary", "position embeddings instead of rotary positions");
var noRmsNorm = Option.Switch("--no-rms-norm", "LayerNorm instead of RMSNorm");
var noSwiGlu = Option.Switch("--no-swiglu", "GELU instead of SwiGLU, with as many parameters");
var noGroupedQueries = Option.Switch("--no-grouped-queries", "keys and values of its own for each head");
var noQkNorm = Option.Switch("--no-qk-norm", "queries and keys of any length");
var noTying = Option.Switch("--no-tying", "an output layer of its own instead of the embedding's table");
var biases = Option.Switch("--biases", "linear maps with biases");

var run = Run.Open(Args, "modern", "A Transformer of today: rotary positions, SwiGLU, Muon and more.",
[
    Option.Training(learningRate: 2e-3, weightDecay: 0.1, schedule: "cosine", warmup: 100, optimizer: "muon", gradClip: 1),
    Option.NLayer(4), Option.NHead(4), Option.NEmbd(64), Option.Dropout(),
    noRotary, noRmsNorm, noSwiGlu, noGroupedQueries, noQkNorm, noTying, biases,
]);
var (V, T, L, nh, C) = (run.VocabSize, run.BlockSize, run.NLayer, run.NHead, run.NEmbd);
run.Require(C % (2 * nh) == 0, $"--n-embd {C} does not divide into --n-head {nh} heads of an even size");
var parts = new Parts(
    !run.Get(noRotary), !run.Get(noRmsNorm), !run.Get(noSwiGlu), !run.Get(noGroupedQueries), !run.Get(noQkNorm), !run.Get(noTying),
    run.Get(biases));

var modern = Model.FromCache(
    run.Name, T, key => Gpt.Init(key, V, T, L, nh, C, parts), (p, ids, drop) => p.Forward(ids, drop), Start, Read, run.Dropout);

return run.Fit(modern);
