namespace Makemore;

/// <summary>
/// A language model as a value: pure functions over a record of parameters. Nothing in it has a mode: evaluation is
/// <paramref name="Forward"/>, training is <paramref name="Train"/>, and sampling is <paramref name="Step"/>.
/// </summary>
/// <typeparam name="P">The record of parameters, a tree of tensors.</typeparam>
/// <typeparam name="C">What a step remembers of the tokens before it, a tree of tensors.</typeparam>
/// <param name="Name">What a person calls the model; it is written into checkpoints.</param>
/// <param name="BlockSize">The greatest number of tokens that Forward takes at once.</param>
/// <param name="Init">Parameters from a key.</param>
/// <param name="Forward">Parameters and ids (B, T) → logits (B, T, V); position t depends on no token after t.</param>
/// <param name="Train">As Forward, for a training batch: batch statistics, dropout from the key. Updated carries the
/// statistics as they are after the batch; its other leaves are not read.</param>
/// <param name="Start">The memory of a batch of B sequences before their first token. Where each of its tensors has a row for
/// each sequence, B as its first dimension and in no other, Step may next be called with the rows of fewer: of those that are
/// not finished. What is no tensor stays as it is.</param>
/// <param name="Step">One token further: ids (B) → logits (B, V) and the next memory. Inside a block it equals Forward at
/// that position.</param>
public sealed record Model<P, C>(
    string Name,
    int BlockSize,
    Func<Key, P> Init,
    Func<P, Tensor, Tensor> Forward,
    Func<P, Batch, Key, (Tensor Logits, P Updated)> Train,
    Func<P, int, C> Start,
    Func<P, C, Tensor, (Tensor Logits, C Cache)> Step)
{
    /// <summary>Constant tensors that PyTorch's module of the same model keeps beside its parameters, such as
    /// attention's mask: written into model.safetensors, so that its load_state_dict takes the file, and not read.</summary>
    public Func<P, IReadOnlyList<Leaf>> Constants { get; init; } = _ => [];
}

/// <summary>Models from fewer than all of their functions.</summary>
public static class Model
{
    /// <summary>A model of all its functions that trains as it evaluates, but for dropout.</summary>
    /// <param name="name">What a person calls the model.</param>
    /// <param name="blockSize">The greatest number of tokens that forward takes at once.</param>
    /// <param name="init">Parameters from a key.</param>
    /// <param name="forward">Parameters, ids (B, T) and where to drop → logits (B, T, V).</param>
    /// <param name="start">The memory of B sequences before their first token.</param>
    /// <param name="step">Parameters, memory and ids (B) → logits (B, V) and the next memory.</param>
    /// <param name="dropout">The share of elements that are dropped in training.</param>
    public static Model<P, C> Of<P, C>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Dropout, Tensor> forward, Func<P, int, C> start,
        Func<P, C, Tensor, (Tensor Logits, C Cache)> step, float dropout = 0) => new(
            name, blockSize, init, (p, ids) => forward(p, ids, Dropout.None),
            (p, batch, key) => (forward(p, batch.X, new(dropout, key)), p), start, step);

    /// <summary>As the other FromWindow, for a function without dropout: parameters and windows (…, n) → logits (…,
    /// V).</summary>
    public static Model<P, Tensor> FromWindow<P>(
        string name, int blockSize, int n, int blank, Func<Key, P> init, Func<P, Tensor, Tensor> logits) =>
        FromWindow<P>(name, blockSize, n, blank, init, (p, window, _) => logits(p, window));

    /// <summary>A model of a function of the last n tokens, newest first, with a blank token before the start. Forward
    /// looks at every position's window, Step at the last one.</summary>
    /// <param name="name">What a person calls the model.</param>
    /// <param name="blockSize">The greatest number of tokens that forward takes at once.</param>
    /// <param name="n">The length of the window.</param>
    /// <param name="blank">The token that stands before the start.</param>
    /// <param name="init">Parameters from a key.</param>
    /// <param name="logits">Parameters, windows (…, n) and where to drop → logits (…, V).</param>
    /// <param name="dropout">The share of elements that are dropped in training.</param>
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

    /// <summary>A model of its Forward alone: Step computes the whole window of up to
    /// <paramref name="blockSize"/> tokens again for each token, and keeps the last position.</summary>
    public static Model<P, Tensor> FromForward<P>(
        string name, int blockSize, Func<Key, P> init, Func<P, Tensor, Tensor> forward)
    {
        return new(name, blockSize, init, forward, Evaluating(forward), Start, Step);

        Tensor Start(P p, int batch) => Windows.Blank(batch, 0, 0, EngineOf(p));

        (Tensor, Tensor) Step(P p, Tensor tokens, Tensor ids)
        {
            var all = Primitives.Concat(1, tokens, ids.Reshape([-1, 1]));
            var length = Math.Min(all.Shape[1], blockSize);
            var window = all.Slice(1, all.Shape[1] - length, length);
            return (forward(p, window).At(1, length - 1), window);
        }
    }

    /// <summary>A model of its Start and Step: Forward folds Step over the positions.</summary>
    public static Model<P, C> FromStep<P, C>(
        string name, int blockSize, Func<Key, P> init, Func<P, int, C> start,
        Func<P, C, Tensor, (Tensor Logits, C Cache)> step)
    {
        return new(name, blockSize, init, Forward, Evaluating<P>(Forward), start, step);

        Tensor Forward(P p, Tensor ids)
        {
            var logits = new Tensor[ids.Shape[1]];
            var cache = start(p, ids.Shape[0]);
            for (var t = 0; t < logits.Length; t++)
                (logits[t], cache) = step(p, cache, ids.At(1, t));
            return Primitives.Stack(1, logits);
        }
    }

    /// <summary>The Train of a model that trains as it evaluates.</summary>
    public static Func<P, Batch, Key, (Tensor Logits, P Updated)> Evaluating<P>(Func<P, Tensor, Tensor> forward) =>
        (p, batch, _) => (forward(p, batch.X), p);

    /// <summary>Whether each tensor of a model's memory has a row for each sequence: its first dimension grows with their number,
    /// and no other does.</summary>
    internal static bool HasRows<P, C>(Model<P, C> model, P p)
    {
        using var region = Region.Root.Open();
        var lifted = Tree.In(p, region);
        var (one, two) = (Tree.Tensors(model.Start(lifted, 1)), Tree.Tensors(model.Start(lifted, 2)));
        return one.Length > 0 && one.Length == two.Length
            && one.Select((tensor, i) => IsRow(tensor.Shape, two[i].Shape)).All(isRow => isRow);

        static bool IsRow(Shape one, Shape two) => one.Rank > 0 && one[0] == 1 && one.With(0, 2) == two;
    }

    /// <summary>The memory of some of the sequences, by their rows.</summary>
    internal static C Rows<C>(C memory, int[] rows) => Tree.Map(memory, tensor =>
    {
        var shape = tensor.Shape.With(0, rows.Length);
        var width = shape.Size / rows.Length;
        if (tensor.Type == ElementType.Float32)
        {
            var ids = Tensor.Of(rows, [rows.Length], tensor.Engine);
            return Primitives.Gather(tensor.Reshape([tensor.Shape[0], width]), ids).Reshape(shape.Sizes);
        }
        var (all, chosen) = (tensor.ToInts(), new int[shape.Size]);
        for (var i = 0; i < rows.Length; i++)
            all.AsSpan(rows[i] * width, width).CopyTo(chosen.AsSpan(i * width));
        return Tensor.Of(chosen, shape, tensor.Engine);
    });

    /// <summary>The engine that a model's parameters are on.</summary>
    public static IEngine EngineOf<P>(P p) =>
        Tree.Tensors(p) is [var first, ..] ? first.Engine : ManagedEngine.Default;
}
