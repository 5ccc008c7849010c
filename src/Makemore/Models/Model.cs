namespace Makemore;

/// <summary>
/// A language model as a value: pure functions over a record of parameters. There is no mode: evaluation is
/// <paramref name="Forward"/>, training is <paramref name="Train"/>, and sampling is <paramref name="Step"/>.
/// </summary>
/// <typeparam name="P">The record of parameters, a tree of tensors.</typeparam>
/// <typeparam name="C">The cache, or state, that Step carries from token to token: a tree of tensors.</typeparam>
/// <param name="Name">The model's name; checkpoints record it.</param>
/// <param name="BlockSize">The maximum number of tokens that Forward takes at once.</param>
/// <param name="Init">Initial parameters from a key.</param>
/// <param name="Forward">Parameters and ids (B, T) → logits (B, T, V); position t depends on no token after t.</param>
/// <param name="Train">Like Forward, for a training batch: with batch statistics, and dropout from the key. Updated carries
/// the running statistics after the batch; its other leaves are ignored.</param>
/// <param name="Start">The cache of a batch of B sequences before their first token. If every tensor in it has one row per
/// sequence (B is its first dimension and no other depends on B), then Step may be called with the rows of fewer sequences
/// once some are finished. Members other than tensors do not change.</param>
/// <param name="Step">Reads one more token: ids (B) → logits (B, V) and the next cache. Within a block the logits equal
/// Forward's at that position.</param>
public sealed record Model<P, C>(
    string Name,
    int BlockSize,
    Func<Key, P> Init,
    Func<P, Tensor, Tensor> Forward,
    Func<P, Batch, Key, (Tensor Logits, P Updated)> Train,
    Func<P, int, C> Start,
    Func<P, C, Tensor, (Tensor Logits, C Cache)> Step)
{
    /// <summary>Constant tensors that PyTorch's module of the same model stores with its parameters, such as the attention
    /// mask. They are written to model.safetensors so that load_state_dict accepts the file, and never read.</summary>
    public Func<P, IReadOnlyList<Leaf>> Constants { get; init; } = _ => [];
}

/// <summary>Builds models from fewer functions.</summary>
public static class Model
{
    /// <summary>A model from all its functions that trains as it evaluates, except for dropout.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="blockSize">The maximum number of tokens that forward takes at once.</param>
    /// <param name="init">Initial parameters from a key.</param>
    /// <param name="forward">Parameters, ids (B, T) and dropout → logits (B, T, V).</param>
    /// <param name="start">The cache of B sequences before their first token.</param>
    /// <param name="step">Parameters, cache and ids (B) → logits (B, V) and the next cache.</param>
    /// <param name="dropout">The fraction of elements dropped in training.</param>
    public static Model<P, C> Of<P, C>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Dropout, Tensor> forward, Func<P, int, C> start,
        Func<P, C, Tensor, (Tensor Logits, C Cache)> step, float dropout = 0) => new(
            name, blockSize, init, (p, ids) => forward(p, ids, Dropout.None),
            (p, batch, key) => (forward(p, batch.X, new(dropout, key)), p), start, step);

    /// <summary>A model without dropout of the last n tokens: logits takes parameters and windows (…, n) to logits
    /// (…, V).</summary>
    public static Model<P, Tensor> FromWindow<P>(
        string name, int blockSize, int n, int blank, Func<Key, P> init, Func<P, Tensor, Tensor> logits) =>
        FromWindow(name, blockSize, n, blank, init, (p, window, _) => logits(p, window));

    /// <summary>A model of the last n tokens, newest first, with a blank token before the start of the word. Forward
    /// computes the windows of all positions, Step the last one.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="blockSize">The maximum number of tokens that Forward takes at once.</param>
    /// <param name="n">The length of the window.</param>
    /// <param name="blank">The token before the start of the word.</param>
    /// <param name="init">Initial parameters from a key.</param>
    /// <param name="logits">Parameters, windows (…, n) and dropout → logits (…, V).</param>
    /// <param name="dropout">The fraction of elements dropped in training.</param>
    public static Model<P, Tensor> FromWindow<P>(
        string name, int blockSize, int n, int blank, Func<Key, P> init, Func<P, Tensor, Dropout, Tensor> logits,
        float dropout = 0)
    {
        return Of(name, blockSize, init, Forward, Start, Step, dropout);

        Tensor Forward(P p, Tensor ids, Dropout drop) => logits(p, Windows.Of(ids, n, blank), drop);

        Tensor Start(P p, int batch) => Windows.Blank(batch, n, blank, EngineOf(p));

        (Tensor, Tensor) Step(P p, Tensor window, Tensor ids)
        {
            var next = Windows.Push(window, ids);
            return (logits(p, next, Dropout.None), next);
        }
    }

    /// <summary>A recurrent model: a cell updates its state with each token's vector, state_t = cell(x_t, state_t−1), and
    /// the head reads the output h_t off it. Forward carries the state through all positions, Step through one.</summary>
    /// <typeparam name="P">The record of parameters.</typeparam>
    /// <typeparam name="S">The state: a tensor, or a record of tensors such as the LSTM's h and c.</typeparam>
    /// <param name="name">The model's name.</param>
    /// <param name="blockSize">The maximum number of tokens that Forward takes at once.</param>
    /// <param name="init">Initial parameters from a key.</param>
    /// <param name="embed">Parameters and ids (…) → x (…, E).</param>
    /// <param name="start">The state before the first token, one row (1, H) for all sequences; it may be learned.</param>
    /// <param name="cell">Parameters, x (B, E) and the state → the next state, tensors (B, H).</param>
    /// <param name="output">The state → its output h (B, H).</param>
    /// <param name="head">Parameters and h (…, H) → logits (…, V).</param>
    /// <param name="dropout">The fraction of h's elements dropped in training.</param>
    public static Model<P, S> FromCell<P, S>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Tensor> embed, Func<P, S> start,
        Func<P, Tensor, S, S> cell, Func<S, Tensor> output, Func<P, Tensor, Tensor> head, float dropout = 0)
    {
        return Of(name, blockSize, init, Forward, Start, Step, dropout);

        Tensor Forward(P p, Tensor ids, Dropout drop)
        {
            var hs = Recurrence.Scan(embed(p, ids), Start(p, ids.Shape[0]), (x, state) => Next(p, x, state));
            return head(p, drop.Forward(hs));
        }

        S Start(P p, int batch) => Recurrence.Start(start(p), batch);

        (Tensor, S) Step(P p, S state, Tensor ids)
        {
            var (h, next) = Next(p, embed(p, ids), state);
            return (head(p, h), next);
        }

        (Tensor H, S State) Next(P p, Tensor x, S state)
        {
            var next = cell(p, x, state);
            return (output(next), next);
        }
    }

    /// <summary>A recurrent model whose state h is its output.</summary>
    public static Model<P, Tensor> FromCell<P>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Tensor> embed, Func<P, Tensor> start,
        Func<P, Tensor, Tensor, Tensor> cell, Func<P, Tensor, Tensor> head, float dropout = 0) =>
        FromCell(name, blockSize, init, embed, start, cell, h => h, head, dropout);

    /// <summary>A model that reads on from a cache, so that Step computes one position only. Its positions end with the
    /// block: when that is full, Step reads its last half again as the beginning of a new one, half a block's work every
    /// half block.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="blockSize">The number of positions, and the maximum number of tokens that forward takes at once.</param>
    /// <param name="init">Initial parameters from a key.</param>
    /// <param name="forward">Parameters, ids (B, T) and dropout → logits (B, T, V).</param>
    /// <param name="start">The empty cache of B sequences.</param>
    /// <param name="read">Parameters, the cache of the tokens before, ids (B, T) and the position of the first of them → what
    /// forward gives at these positions, and the cache that has them too.</param>
    /// <param name="dropout">The fraction of elements dropped in training.</param>
    public static Model<P, BlockCache<C>> FromCache<P, C>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Dropout, Tensor> forward, Func<P, int, C> start,
        Func<P, C, Tensor, int, (Tensor Logits, C Cache)> read, float dropout = 0)
    {
        return Of(name, blockSize, init, forward, Start, Step, dropout);

        BlockCache<C> Start(P p, int batch) => new(Windows.Blank(batch, 0, 0, EngineOf(p)), start(p, batch));

        (Tensor, BlockCache<C>) Step(P p, BlockCache<C> past, Tensor ids)
        {
            var (logits, next) = Read(p, past.Ids.Shape[1] < blockSize ? past : LastHalf(p, past), ids.Reshape([-1, 1]));
            return (logits.At(1, 0), next);
        }

        BlockCache<C> LastHalf(P p, BlockCache<C> past)
        {
            var (empty, half) = (Start(p, past.Ids.Shape[0]), blockSize / 2);
            return half == 0 ? empty : Read(p, empty, past.Ids.Slice(1, blockSize - half, half)).Cache;
        }

        (Tensor Logits, BlockCache<C> Cache) Read(P p, BlockCache<C> past, Tensor ids)
        {
            var (logits, cache) = read(p, past.Cache, ids, past.Ids.Shape[1]);
            return (logits, new(Primitives.Concat(1, past.Ids, ids), cache));
        }
    }

    /// <summary>A model without dropout from its forward function alone: parameters and ids (B, T) → logits
    /// (B, T, V).</summary>
    public static Model<P, Tensor> FromForward<P>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Tensor> forward) =>
        FromForward(name, blockSize, init, (p, ids, _) => forward(p, ids));

    /// <summary>A model from its forward function alone. Step computes the last <paramref name="blockSize"/> tokens again for
    /// every token: simple, but slow.</summary>
    /// <param name="name">The model's name.</param>
    /// <param name="blockSize">The maximum number of tokens that forward takes at once.</param>
    /// <param name="init">Initial parameters from a key.</param>
    /// <param name="forward">Parameters, ids (B, T) and dropout → logits (B, T, V).</param>
    /// <param name="dropout">The fraction of elements dropped in training.</param>
    public static Model<P, Tensor> FromForward<P>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Dropout, Tensor> forward, float dropout = 0)
    {
        return Of(name, blockSize, init, forward, Start, Step, dropout);

        Tensor Start(P p, int batch) => Windows.Blank(batch, 0, 0, EngineOf(p));

        (Tensor, Tensor) Step(P p, Tensor tokens, Tensor ids)
        {
            var all = Primitives.Concat(1, tokens, ids.Reshape([-1, 1]));
            var length = Math.Min(all.Shape[1], blockSize);
            var window = all.Slice(1, all.Shape[1] - length, length);
            return (forward(p, window, Dropout.None).At(1, length - 1), window);
        }
    }

    /// <summary>A model without dropout from its start and step: Forward folds step over the positions.</summary>
    public static Model<P, C> FromStep<P, C>(
        string name, int blockSize, Func<Key, P> init, Func<P, int, C> start,
        Func<P, C, Tensor, (Tensor Logits, C Cache)> step)
    {
        return Of(name, blockSize, init, Forward, start, step);

        Tensor Forward(P p, Tensor ids, Dropout drop)
        {
            var logits = new Tensor[ids.Shape[1]];
            var cache = start(p, ids.Shape[0]);
            for (var t = 0; t < logits.Length; t++)
                (logits[t], cache) = step(p, cache, ids.At(1, t));
            return Primitives.Stack(1, logits);
        }
    }

    /// <summary>Whether every tensor in a model's cache has one row per sequence: its first dimension is their number, and no
    /// other depends on it.</summary>
    internal static bool HasRows<P, C>(Model<P, C> model, P p)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var (one, two) = (Tree.Tensors(model.Start(lifted, 1)), Tree.Tensors(model.Start(lifted, 2)));
        return one.Length > 0 && one.Length == two.Length
            && one.Select((tensor, i) => IsRow(tensor.Shape, two[i].Shape)).All(isRow => isRow);

        static bool IsRow(Shape one, Shape two) => one.Rank > 0 && one[0] == 1 && one.With(0, 2) == two;
    }

    /// <summary>The cache of some of the sequences, by their rows.</summary>
    internal static C Rows<C>(C cache, int[] rows) => Tree.Map(cache, tensor =>
    {
        var shape = tensor.Shape.With(0, rows.Length);
        var ids = Tensor.Of(rows, [rows.Length], tensor.Engine);
        return Primitives.Gather(tensor.Reshape([tensor.Shape[0], shape.Size / rows.Length]), ids).Reshape(shape.Sizes);
    });

    /// <summary>The engine that a model's parameters are on.</summary>
    public static IEngine EngineOf<P>(P p) =>
        Tree.Tensors(p) is [var first, ..] ? first.Engine : ManagedEngine.Default;
}
